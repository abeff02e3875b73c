package io.petrel.bench.demo;

import io.petrel.codecs.orders.ExecutionReportDecoder;
import io.petrel.codecs.orders.ExecutionType;
import io.petrel.codecs.orders.MessageHeaderDecoder;
import io.petrel.codecs.orders.MessageHeaderEncoder;
import io.petrel.codecs.orders.NewOrderEncoder;
import io.petrel.codecs.orders.OrderType;
import io.petrel.codecs.orders.Side;
import io.petrel.codecs.orders.TimeInForce;
import io.petrel.transport.Claim;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** Sends orders, each when it is due, and checks that both reports of each come back, in order. */
final class Trader extends Role implements SessionEvents {
  private static final int BATCH = 64;
  private static final int ACCOUNT = 7;
  private static final int ORDER_LENGTH =
      MessageHeaderEncoder.ENCODED_LENGTH
          + NewOrderEncoder.BLOCK_LENGTH
          + NewOrderEncoder.tagHeaderLength();

  private final String uri;
  private final MessageHandler handler = this::onMessage;
  private final MessageHeaderEncoder outHeader = new MessageHeaderEncoder();
  private final NewOrderEncoder order = new NewOrderEncoder();
  private final MessageHeaderDecoder inHeader = new MessageHeaderDecoder();
  private final ExecutionReportDecoder report = new ExecutionReportDecoder();
  private final Claim claim = new Claim();
  private final PhaseLatencies latencies = new PhaseLatencies();
  private @Nullable Publication orders;
  private @Nullable Subscription reports;
  private long sent;
  private long lastExecution;

  Trader(String uri, long perSecond) {
    super("demo-trader", perSecond);
    this.uri = uri;
  }

  @Override
  void open(Petrel petrel) {
    Session session = petrel.connect(uri);
    orders = session.publish(0, true);
    reports = session.subscribe(0, this);
  }

  @Override
  int work() {
    Publication to = orders;
    Subscription from = reports;
    if (to == null || from == null) {
      return 0;
    }
    connected(to.isConnected());
    int work = from.poll(handler, BATCH);
    if (work > 0) {
      done(lastExecution / 2);
    }
    Timeline times = timeline();
    return times == null ? work : work + sendDue(times, to);
  }

  private int sendDue(Timeline times, Publication to) {
    long count = due();
    long nowNs = DemoClock.nowNs();
    int now = 0;
    while (now < BATCH && sent < count) {
      long dueNs = dueNs(times, sent + 1);
      if (dueNs > nowNs || to.tryClaim(ORDER_LENGTH, claim) < 0) {
        break;
      }
      encode(claim.buffer(), sent + 1, dueNs);
      claim.commit();
      sent++;
      now++;
    }
    return now;
  }

  private void encode(MutableDirectBuffer buffer, long number, long dueNs) {
    order
        .wrapAndApplyHeader(buffer, 0, outHeader)
        .clientOrderId(number)
        .sentNs(dueNs)
        .expiryNs(NewOrderEncoder.expiryNsNullValue())
        .accountId(ACCOUNT)
        .instrumentId(Market.INSTRUMENT)
        .side(Side.BUY)
        .orderType(OrderType.LIMIT)
        .timeInForce(TimeInForce.DAY);
    order.price().mantissa(Market.bid(number));
    order.stopPrice().mantissa(Long.MIN_VALUE);
    order.quantity().mantissa(Market.LOT);
    order.displayQuantity().mantissa(Long.MIN_VALUE);
    order.instructions().clear();
    order.putTag(buffer, 0, 0);
  }

  private void onMessage(DirectBuffer buffer, int offset, int length, Header from) {
    inHeader.wrap(buffer, offset);
    if (inHeader.templateId() != ExecutionReportDecoder.TEMPLATE_ID) {
      flaw("a message of an unknown kind, " + inHeader.templateId());
      return;
    }
    report.wrapAndApplyHeader(buffer, offset, inHeader);
    boolean fill = report.executionType() == ExecutionType.TRADE;
    long number = report.clientOrderId();
    long execution = report.executionId();
    if (execution != lastExecution + 1 || execution != 2 * number - (fill ? 0 : 1)) {
      flaw(
          "report %d of order %d came after report %d".formatted(execution, number, lastExecution));
    } else if (report.price().mantissa() != Market.bid(number)) {
      flaw("report %d has another price than order %d".formatted(execution, number));
    }
    lastExecution = execution;
    Timeline times = timeline();
    if (fill && times != null) {
      latencies.record(times, dueNs(times, number), DemoClock.nowNs());
    }
  }

  @Override
  public void onSessionDown(SessionInfo session, EndReason reason, long position) {
    ended(lastExecution / 2, reason.toString());
  }

  /** To be read when the thread has ended. */
  PhaseLatencies latencies() {
    return latencies;
  }
}
