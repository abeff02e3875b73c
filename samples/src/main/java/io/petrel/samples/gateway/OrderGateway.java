package io.petrel.samples.gateway;

import io.petrel.samples.support.LossyPath;
import io.petrel.samples.support.Patience;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Three clients send orders to a gateway, each over a network of its own that loses datagrams and
 * is cut twice, long enough for both ends to give their session up. In the end every order was
 * taken once and in order, and so was every report.
 *
 * <pre>
 *   client 1  == path 1 ==\
 *   client 2  == path 2 ====  gateway
 *   client 3  == path 3 ==/
 * </pre>
 *
 * <p>What it takes: orders are numbered, by the client; what {@code unacknowledged} gives back
 * after a loss is offered again, before anything new; and whoever takes a number for the second
 * time drops it. An acknowledged order lies in the gateway's memory: a gateway that must survive
 * its own crash writes orders down before it reports on them, and a client keeps an order until its
 * report.
 *
 * <p>One thread plays them all here, so that a run is short; in life each is a process.
 */
public final class OrderGateway {
  private static final int CLIENTS = 3;
  private static final int ORDERS = 2_000;
  private static final int[] CUTS_AFTER = {ORDERS / 3, 2 * ORDERS / 3};
  private static final double LOSS = 0.01;

  private OrderGateway() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    run(System.out);
  }

  /**
   * Runs it.
   *
   * @param out takes what came of it
   * @throws IOException when there is no socket to be had
   */
  public static void run(PrintStream out) throws IOException {
    try (Gateway gateway = new Gateway("rudp://127.0.0.1:0?" + Gateway.OPTIONS)) {
      List<Line> lines = new ArrayList<>();
      try {
        for (int account = 1; account <= CLIENTS; account++) {
          lines.add(new Line(account, gateway));
        }
        Patience patience = new Patience("an order or a report");
        while (!lines.stream().allMatch(line -> line.client.isDone())) {
          int work = gateway.work();
          for (Line line : lines) {
            work += line.work();
          }
          patience.idle(work);
        }
        for (Line line : lines) {
          out.println(line.client);
        }
        out.println(gateway);
      } finally {
        for (Line line : lines) {
          line.close();
        }
      }
    }
  }

  /** A client and its network. */
  private static final class Line implements AutoCloseable {
    private final LossyPath path;
    private final Client client;
    private int cuts;

    Line(int account, Gateway gateway) throws IOException {
      path = new LossyPath(gateway.localAddress(), LOSS, account);
      client = new Client(account, path.uri() + "?" + Gateway.OPTIONS, ORDERS);
    }

    int work() throws IOException {
      if (!path.isCut() && cuts < CUTS_AFTER.length && client.sent() >= CUTS_AFTER[cuts]) {
        path.cut();
        cuts++;
      } else if (path.isCut() && client.sessionsLost() >= cuts) {
        path.mend();
      }
      return client.work() + path.work();
    }

    @Override
    public void close() throws IOException {
      client.close();
      path.close();
    }
  }
}
