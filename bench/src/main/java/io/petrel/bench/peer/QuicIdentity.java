package io.petrel.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * QUIC knows no connection without TLS: a key made for this run, by the JDK's own tool, and a
 * client that asks nobody about it.
 */
final class QuicIdentity {
  private static final String PROTOCOL = "petrel-bench";
  private static final String ALIAS = "bench";

  /** Protects a file that lives for one run in a directory of that run's own. */
  private static final String PASSWORD = "changeit";

  private QuicIdentity() {}

  static QuicSslContext client() {
    return QuicSslContextBuilder.forClient()
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .applicationProtocols(PROTOCOL)
        .build();
  }

  /**
   * The server's side.
   *
   * @param directory takes the key's file
   */
  static QuicSslContext server(Path directory) throws IOException {
    Path file = directory.resolve("identity.p12");
    if (!Files.exists(file)) {
      makeKey(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      PrivateKey key = (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray());
      X509Certificate certificate = (X509Certificate) store.getCertificate(ALIAS);
      return QuicSslContextBuilder.forServer(key, null, certificate)
          .applicationProtocols(PROTOCOL)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read the key made for this run", e);
    }
  }

  private static void makeKey(Path file) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-dname",
            "CN=petrel-bench",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException("keytool made no key: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
