package io.petrel.samples.gateway;

import io.petrel.codecs.orders.ExecutionReportEncoder;
import io.petrel.codecs.orders.ExecutionType;
import io.petrel.codecs.orders.MessageHeaderDecoder;
import io.petrel.codecs.orders.MessageHeaderEncoder;
import io.petrel.codecs.orders.NewOrderDecoder;
import io.petrel.codecs.orders.OrderStatus;
import io.petrel.codecs.orders.RejectReason;
import io.petrel.codecs.orders.Side;
import io.petrel.transport.Context;
import io.petrel.transport.Header;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders, each once, and reports on each. A session is an account's from its login on; a
 * later session of the same account takes over from the one before.
 */
final class Gateway implements AutoCloseable {
  /**
   * A peer that is silent for 150 ms is taken for gone: short, so that the sample is. Orders fill
   * 64 KiB at most before the client must wait.
   */
  static final String OPTIONS = "idle-timeout=150ms&keepalive=50ms&reconnect=10ms&ring=64KiB";

  /** A login is the account's number; no order is as short. */
  static final int LOGIN_LENGTH = Integer.BYTES;

  private static final int ORDERS_A_PASS = 64;

  private final Petrel petrel = Petrel.launch(new Context().threading(Threading.INVOKER));
  private final Listener listener;
  private final List<Connection> connections = new ArrayList<>();
  private final Map<Integer, Account> accounts = new TreeMap<>();

  private final NewOrderDecoder order = new NewOrderDecoder();
  private final MessageHeaderDecoder orderHeader = new MessageHeaderDecoder();
  private final ExecutionReportEncoder report = new ExecutionReportEncoder();
  private final MessageHeaderEncoder reportHeader = new MessageHeaderEncoder();
  private final ExpandableArrayBuffer message = new ExpandableArrayBuffer();

  Gateway(String uri) {
    listener = petrel.listen(uri, session -> connections.add(new Connection(session)));
  }

  SocketAddress localAddress() {
    return listener.localAddress();
  }

  int work() {
    int work = petrel.work();
    for (int i = 0; i < connections.size(); i++) { // a poll takes a turn, which may add more
      work += connections.get(i).work();
    }
    for (Account account : accounts.values()) {
      work += account.report();
    }
    return work;
  }

  static byte[] copyOf(DirectBuffer buffer, int offset, int length) {
    byte[] copy = new byte[length];
    buffer.getBytes(offset, copy);
    return copy;
  }

  /** What outlives sessions. */
  private static final class Account {
    private final ArrayDeque<byte[]> waitingReports = new ArrayDeque<>();
    private @Nullable Connection connection;
    private long lastOrder;
    private int ordersDropped;

    /** What does not go out now waits for room, or for the account's next session. */
    int report() {
      Connection to = connection;
      int sent = 0;
      byte[] first = waitingReports.peek();
      while (to != null && first != null && to.send(first)) {
        waitingReports.remove();
        first = waitingReports.peek();
        sent++;
      }
      return sent;
    }
  }

  /** A session. */
  private final class Connection {
    private final Session session;
    private final Subscription orders;
    private @Nullable Publication reports;
    private @Nullable Account account;

    /** Within the turn that accepted the session, so that nothing is missed. */
    Connection(Session session) {
      this.session = session;
      this.orders = session.subscribe(0);
    }

    int work() {
      Account known = account;
      if (known != null) {
        return takeOrders(known);
      }
      int work = orders.poll(this::onLogin, 1);
      if (account != null) {
        takeOver(account);
      }
      return work;
    }

    private void onLogin(DirectBuffer buffer, int offset, int length, Header header) {
      if (length == LOGIN_LENGTH) {
        account = accounts.computeIfAbsent(buffer.getInt(offset), number -> new Account());
      } else {
        session.abort(); // whoever does not say its name first is none of ours
      }
    }

    private int takeOrders(Account from) {
      return orders.poll(
          (buffer, offset, length, header) -> onOrder(from, buffer, offset), ORDERS_A_PASS);
    }

    private void takeOver(Account known) {
      Connection before = known.connection;
      if (before != null) {
        known.connection = null;
        before.giveUp(known);
        connections.remove(before);
      }
      reports = session.publish(0, true);
      known.connection = this;
    }

    /** What it has acknowledged the client will not send again; what it has not, we must. */
    private void giveUp(Account known) {
      while (takeOrders(known) > 0) {
        // orders that came before the session broke
      }
      session.abort();
      while (session.isConnected()) {
        petrel.work();
      }
      List<byte[]> undelivered = new ArrayList<>();
      if (reports != null) {
        reports.unacknowledged(
            (buffer, offset, length, header) -> undelivered.add(copyOf(buffer, offset, length)));
      }
      undelivered.reversed().forEach(known.waitingReports::addFirst);
    }

    boolean send(byte[] bytes) {
      return reports != null && reports.offer(new UnsafeBuffer(bytes)) > 0;
    }
  }

  private void onOrder(Account account, DirectBuffer buffer, int offset) {
    order.wrapAndApplyHeader(buffer, offset, orderHeader);
    long number = order.clientOrderId();
    if (number <= account.lastOrder) {
      account.ordersDropped++; // taken before; its report is under way
    } else if (number == account.lastOrder + 1) {
      account.lastOrder = number;
      account.waitingReports.add(reportOn(order));
    } else {
      throw new IllegalStateException(
          "order " + number + " after " + account.lastOrder + ": one is lost");
    }
  }

  private byte[] reportOn(NewOrderDecoder taken) {
    report
        .wrapAndApplyHeader(message, 0, reportHeader)
        .orderId(taken.accountId() * 1_000_000L + taken.clientOrderId())
        .clientOrderId(taken.clientOrderId())
        .executionId(taken.clientOrderId())
        .transactNs(System.nanoTime())
        .accountId(taken.accountId())
        .instrumentId(taken.instrumentId())
        .executionType(ExecutionType.ACCEPTED)
        .orderStatus(OrderStatus.NEW)
        .side(Side.get(taken.side().value()))
        .rejectReason(RejectReason.NULL_VAL);
    report.price().mantissa(taken.price().mantissa());
    report.averagePrice().mantissa(Long.MIN_VALUE);
    report.filledQuantity().mantissa(0);
    report.leavesQuantity().mantissa(taken.quantity().mantissa());
    report.fillsCount(0);
    report.tag(taken.tag()).text("");
    return copyOf(message, 0, MessageHeaderEncoder.ENCODED_LENGTH + report.encodedLength());
  }

  @Override
  public void close() {
    petrel.close();
  }

  @Override
  public String toString() {
    long taken = accounts.values().stream().mapToLong(account -> account.lastOrder).sum();
    int dropped = accounts.values().stream().mapToInt(account -> account.ordersDropped).sum();
    return "gateway: %d orders taken, each once and in order; %d came twice and were dropped"
        .formatted(taken, dropped);
  }
}
