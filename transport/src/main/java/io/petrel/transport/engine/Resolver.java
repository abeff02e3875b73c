package io.petrel.transport.engine;

import io.petrel.transport.spi.EngineHandle.AddressHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up on a thread of its own, which lives only while there is something to look up: a
 * resolver may take many seconds, and the engine's turn must not.
 */
final class Resolver {
  private static final int WAITING_LIMIT = 256;
  private static final long KEEP_ALIVE_MS = 500;

  private final Engine engine;
  private @Nullable ThreadPoolExecutor executor;

  Resolver(Engine engine) {
    this.engine = engine;
  }

  /** Within turns only. */
  void resolve(String host, int port, AddressHandler handler) {
    InetSocketAddress literal = literal(host, port);
    if (literal != null) {
      engine.execute(() -> handler.onAddress(literal));
      return;
    }
    if (executor == null) {
      executor = newExecutor();
    }
    try {
      executor.execute(() -> {
        InetSocketAddress address = lookUp(host, port);
        engine.execute(() -> handler.onAddress(address));
      });
    } catch (RejectedExecutionException e) {
      engine.execute(() -> handler.onAddress(null));
    }
  }

  void close() {
    if (executor != null) {
      executor.shutdownNow();
    }
  }

  /** The address that a host is when it is written as one, else null. */
  static @Nullable InetSocketAddress literal(String host, int port) {
    boolean digits = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    return digits ? lookUp(host, port) : null;
  }

  static @Nullable InetSocketAddress lookUp(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static ThreadPoolExecutor newExecutor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            KEEP_ALIVE_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(WAITING_LIMIT),
            task -> {
              Thread thread = new Thread(task, "petrel-resolver");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
