package io.petrel.samples.gateway;

import io.petrel.codecs.orders.ExecutionReportDecoder;
import io.petrel.codecs.orders.MessageHeaderDecoder;
import io.petrel.codecs.orders.MessageHeaderEncoder;
import io.petrel.codecs.orders.NewOrderEncoder;
import io.petrel.codecs.orders.OrderType;
import io.petrel.codecs.orders.Side;
import io.petrel.codecs.orders.TimeInForce;
import io.petrel.transport.Context;
import io.petrel.transport.Header;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import io.petrel.transport.Threading;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends orders 1, 2, 3, ... and takes their reports, over one session after the other.
 *
 * <p>Each session begins with a login. Then comes, in this order, what the last one may not have
 * delivered, and what is new.
 */
final class Client implements AutoCloseable {
  private static final int ORDERS_A_PASS = 16;
  private static final int REPORTS_A_PASS = 64;
  private static final int INSTRUMENT = 42;

  private final int account;
  private final int orderCount;
  private final Petrel petrel = Petrel.launch(new Context().threading(Threading.INVOKER));
  private final Publication orders;
  private final Subscription reports;

  private final NewOrderEncoder order = new NewOrderEncoder();
  private final MessageHeaderEncoder orderHeader = new MessageHeaderEncoder();
  private final ExecutionReportDecoder report = new ExecutionReportDecoder();
  private final MessageHeaderDecoder reportHeader = new MessageHeaderDecoder();
  private final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
  private final ArrayDeque<byte[]> again = new ArrayDeque<>();

  private int sent;
  private int sentAgain;
  private int sessionsLost;
  private long reported;
  private int reportsDropped;

  Client(int account, String uri, int orderCount) {
    this.account = account;
    this.orderCount = orderCount;
    Session session = petrel.connect(uri); // connects again by itself whenever it breaks
    orders = session.publish(0, true);
    reports = session.subscribe(0);
  }

  int work() {
    int work = reports.poll(this::onReport, REPORTS_A_PASS);
    for (int i = 0; i < ORDERS_A_PASS; i++) {
      long result = offerNext();
      if (result == Publication.SESSION_LOST) {
        takeBack();
      } else if (result < 0) {
        break; // NOT_CONNECTED, BACK_PRESSURED: in a later pass
      } else if (result > 0) {
        work++;
      }
    }
    return work;
  }

  /** One message, if there is any: the position after it, a negative result, or 0. */
  private long offerNext() {
    if (orders.position() == 0) { // nothing was said in this session yet
      return login();
    }
    byte[] first = again.peek();
    if (first != null) {
      long result = orders.offer(new UnsafeBuffer(first));
      if (result > 0) {
        again.remove();
        sentAgain++;
      }
      return result;
    }
    return sent < orderCount ? offerOrder(sent + 1) : 0;
  }

  /**
   * Says who speaks. Not before the last session's reports are all read: after the login come those
   * that it did not deliver.
   */
  private long login() {
    if (reports.sessionCount() > 0) {
      return Publication.NOT_CONNECTED;
    }
    message.putInt(0, account);
    return orders.offer(message, 0, Gateway.LOGIN_LENGTH);
  }

  private long offerOrder(int number) {
    order
        .wrapAndApplyHeader(message, 0, orderHeader)
        .clientOrderId(number)
        .sentNs(System.nanoTime())
        .expiryNs(NewOrderEncoder.expiryNsNullValue())
        .accountId(account)
        .instrumentId(INSTRUMENT)
        .side(number % 2 == 0 ? Side.BUY : Side.SELL)
        .orderType(OrderType.LIMIT)
        .timeInForce(TimeInForce.DAY);
    order.price().mantissa(100_00000000L + number);
    order.quantity().mantissa(1_0000L);
    order.instructions().clear();
    order.tag("order " + number);
    long result =
        orders.offer(message, 0, MessageHeaderEncoder.ENCODED_LENGTH + order.encodedLength());
    if (result > 0) {
      sent = number;
    }
    return result;
  }

  /** The session is lost: what it may not have delivered goes first in the next. */
  private void takeBack() {
    sessionsLost++;
    List<byte[]> undelivered = new ArrayList<>();
    orders.unacknowledged((buffer, offset, length, header) -> {
      if (length != Gateway.LOGIN_LENGTH) {
        undelivered.add(Gateway.copyOf(buffer, offset, length));
      }
    });
    undelivered.reversed().forEach(again::addFirst);
  }

  private void onReport(DirectBuffer buffer, int offset, int length, Header header) {
    report.wrapAndApplyHeader(buffer, offset, reportHeader);
    long number = report.executionId();
    if (number <= reported) {
      reportsDropped++;
    } else if (number == reported + 1) {
      reported = number;
    } else {
      throw new IllegalStateException("report " + number + " after " + reported + ": one is lost");
    }
  }

  boolean isDone() {
    return reported == orderCount;
  }

  int sent() {
    return sent;
  }

  int sessionsLost() {
    return sessionsLost;
  }

  @Override
  public void close() {
    petrel.close();
  }

  @Override
  public String toString() {
    return ("client %d: %d orders sent, %d reports, in order; %d sessions lost,"
            + " %d orders sent again, %d reports dropped")
        .formatted(account, sent, reported, sessionsLost, sentAgain, reportsDropped);
  }
}
