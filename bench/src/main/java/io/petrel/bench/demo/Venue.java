package io.petrel.bench.demo;

import io.petrel.codecs.orders.ExecutionReportEncoder;
import io.petrel.codecs.orders.ExecutionType;
import io.petrel.codecs.orders.Liquidity;
import io.petrel.codecs.orders.MessageHeaderDecoder;
import io.petrel.codecs.orders.MessageHeaderEncoder;
import io.petrel.codecs.orders.NewOrderDecoder;
import io.petrel.codecs.orders.OrderStatus;
import io.petrel.codecs.orders.RejectReason;
import io.petrel.codecs.orders.Side;
import io.petrel.transport.Claim;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.Header;
import io.petrel.transport.Listener;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Session;
import io.petrel.transport.Subscription;
import java.net.InetSocketAddress;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Takes orders and answers each with two reports: accepted, then filled. */
final class Venue extends Role {
  private static final int BATCH = 64;
  private static final int FILLED_LENGTH = reportLength(1);
  private static final int ACCEPTED_LENGTH = reportLength(0);

  private final String uri;
  private final ControlledMessageHandler handler = this::onMessage;
  private final MessageHeaderDecoder inHeader = new MessageHeaderDecoder();
  private final NewOrderDecoder order = new NewOrderDecoder();
  private final MessageHeaderEncoder outHeader = new MessageHeaderEncoder();
  private final ExecutionReportEncoder report = new ExecutionReportEncoder();
  private final Claim claim = new Claim();
  private final PhaseLatencies latencies = new PhaseLatencies();
  private @Nullable Petrel petrel;
  private @Nullable Subscription orders;
  private @Nullable Publication reports;
  private long accepted;
  private long filled;

  private volatile int port; // read by the thread that asks

  Venue(String uri, long perSecond) {
    super("demo-venue", perSecond);
    this.uri = uri;
  }

  private static int reportLength(int fills) {
    return MessageHeaderEncoder.ENCODED_LENGTH
        + ExecutionReportEncoder.BLOCK_LENGTH
        + ExecutionReportEncoder.FillsEncoder.sbeHeaderSize()
        + fills * ExecutionReportEncoder.FillsEncoder.sbeBlockLength()
        + ExecutionReportEncoder.tagHeaderLength()
        + ExecutionReportEncoder.textHeaderLength();
  }

  @Override
  void open(Petrel opened) {
    petrel = opened;
    Listener listener = opened.listen(uri, this::onSession);
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void onSession(Session session) {
    orders = session.subscribe(0);
    reports = session.publish(0, true);
  }

  @Override
  int work() {
    Petrel engine = petrel;
    Subscription from = orders;
    Publication to = reports;
    if (from == null || to == null) {
      return engine == null ? 0 : engine.work();
    }
    connected(to.isConnected());
    int work = from.controlledPoll(handler, BATCH);
    if (work > 0) {
      done(filled);
    }
    return work;
  }

  /** An order whose reports find no room comes again with the next poll. */
  private Action onMessage(DirectBuffer buffer, int offset, int length, Header from) {
    Publication to = reports;
    inHeader.wrap(buffer, offset);
    if (to == null || inHeader.templateId() != NewOrderDecoder.TEMPLATE_ID) {
      flaw("a message of an unknown kind, " + inHeader.templateId());
      return Action.CONTINUE;
    }
    order.wrapAndApplyHeader(buffer, offset, inHeader);
    if (accepted == filled) { // else only the second report is due
      if (to.tryClaim(ACCEPTED_LENGTH, claim) < 0) {
        return Action.ABORT;
      }
      takeOrder();
      encode(ExecutionType.ACCEPTED);
    }
    if (to.tryClaim(FILLED_LENGTH, claim) < 0) {
      return Action.ABORT;
    }
    encode(ExecutionType.TRADE);
    filled = accepted;
    return Action.CONTINUE;
  }

  private void takeOrder() {
    long number = order.clientOrderId();
    if (number != accepted + 1) {
      flaw("order %d came after %d".formatted(number, accepted));
    }
    accepted = number;
    Timeline times = timeline();
    if (times != null) {
      latencies.record(times, order.sentNs(), DemoClock.nowNs());
    }
  }

  private void encode(ExecutionType type) {
    boolean fills = type == ExecutionType.TRADE;
    long number = order.clientOrderId();
    report
        .wrapAndApplyHeader(claim.buffer(), 0, outHeader)
        .orderId(number)
        .clientOrderId(number)
        .executionId(2 * number - (fills ? 0 : 1))
        .transactNs(DemoClock.nowNs())
        .accountId(order.accountId())
        .instrumentId(order.instrumentId())
        .executionType(type)
        .orderStatus(fills ? OrderStatus.FILLED : OrderStatus.NEW)
        .side(Side.get(order.side().value()))
        .rejectReason(RejectReason.NULL_VAL);
    long price = order.price().mantissa();
    long quantity = order.quantity().mantissa();
    report.price().mantissa(price);
    report.averagePrice().mantissa(fills ? price : Long.MIN_VALUE);
    report.filledQuantity().mantissa(fills ? quantity : 0);
    report.leavesQuantity().mantissa(fills ? 0 : quantity);
    var group = report.fillsCount(fills ? 1 : 0);
    if (fills) {
      var fill = group.next();
      fill.tradeId(number);
      fill.price().mantissa(price);
      fill.quantity().mantissa(quantity);
      fill.liquidity(Liquidity.TAKER);
    }
    report.putTag(claim.buffer(), 0, 0).putText(claim.buffer(), 0, 0);
    claim.commit();
  }

  /** Where it listens, once it is open. */
  int port() {
    return port;
  }

  /** To be read when the thread has ended. */
  PhaseLatencies latencies() {
    return latencies;
  }
}
