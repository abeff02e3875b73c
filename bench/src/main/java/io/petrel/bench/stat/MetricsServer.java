package io.petrel.bench.stat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.petrel.bench.cli.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Serves a text at {@code /metrics}, made anew for each request, to this machine only. */
final class MetricsServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;

  /**
   * Begins to serve.
   *
   * @param port to listen at; 0 takes a free one
   * @param text made for each request
   * @throws CommandFailure when the port cannot be had
   */
  MetricsServer(int port, Supplier<String> text) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new CommandFailure("cannot listen at port " + port + ": " + e.getMessage(), e);
    }
    server.createContext("/metrics", exchange -> answer(exchange, text));
    server.start();
  }

  private static void answer(HttpExchange exchange, Supplier<String> text) throws IOException {
    try (exchange) {
      int status = OK;
      String type = OpenMetrics.CONTENT_TYPE;
      String body;
      try {
        body = text.get();
      } catch (CommandFailure e) { // no engine at the moment
        status = UNAVAILABLE;
        type = "text/plain; charset=utf-8";
        body = e.getMessage() + "\n";
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Where it is to be asked. */
  String uri() {
    InetSocketAddress address = server.getAddress();
    return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + "/metrics";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
