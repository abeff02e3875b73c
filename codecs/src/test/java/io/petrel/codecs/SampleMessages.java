package io.petrel.codecs;

import io.petrel.codecs.marketdata.BookAction;
import io.petrel.codecs.marketdata.BookSnapshotEncoder;
import io.petrel.codecs.marketdata.BookUpdateEncoder;
import io.petrel.codecs.marketdata.InstrumentDefinitionEncoder;
import io.petrel.codecs.marketdata.MessageHeaderEncoder;
import io.petrel.codecs.marketdata.QuoteEncoder;
import io.petrel.codecs.marketdata.SecurityType;
import io.petrel.codecs.marketdata.Side;
import io.petrel.codecs.marketdata.TradeEncoder;
import io.petrel.codecs.marketdata.TradingStatus;
import io.petrel.codecs.orders.CancelOrderEncoder;
import io.petrel.codecs.orders.ExecutionReportEncoder;
import io.petrel.codecs.orders.ExecutionType;
import io.petrel.codecs.orders.Liquidity;
import io.petrel.codecs.orders.NewOrderEncoder;
import io.petrel.codecs.orders.OrderStatus;
import io.petrel.codecs.orders.OrderType;
import io.petrel.codecs.orders.PriceEncoder;
import io.petrel.codecs.orders.QuantityEncoder;
import io.petrel.codecs.orders.RejectReason;
import io.petrel.codecs.orders.ReplaceOrderEncoder;
import io.petrel.codecs.orders.TimeInForce;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;

/** One of each sample message, and some that are empty where they may be. */
final class SampleMessages {
  private static final long TIME_NS = 1_767_225_600_123_456_789L;
  private static final MessageHeaderEncoder MARKET_HEADER = new MessageHeaderEncoder();
  private static final io.petrel.codecs.orders.MessageHeaderEncoder ORDER_HEADER =
      new io.petrel.codecs.orders.MessageHeaderEncoder();

  private SampleMessages() {}

  /** Something that encodes one message at 0 and says where it ends. */
  private interface Message {
    int encode(ExpandableArrayBuffer buffer);
  }

  static Map<String, byte[]> marketData() {
    Map<String, byte[]> samples = new TreeMap<>();
    samples.put("instrument-definition", bytes(buffer -> instrument(buffer, 2, "Spread")));
    samples.put("instrument-definition-bare", bytes(buffer -> instrument(buffer, 0, "")));
    samples.put("quote", bytes(SampleMessages::quote));
    samples.put("trade", bytes(SampleMessages::trade));
    samples.put("book-update", bytes(SampleMessages::bookUpdate));
    samples.put("book-snapshot", bytes(buffer -> bookSnapshot(buffer, 3, 2)));
    samples.put("book-snapshot-empty", bytes(buffer -> bookSnapshot(buffer, 0, 0)));
    return samples;
  }

  static Map<String, byte[]> orders() {
    Map<String, byte[]> samples = new TreeMap<>();
    samples.put("new-order", bytes(SampleMessages::newOrder));
    samples.put("replace-order", bytes(SampleMessages::replaceOrder));
    samples.put("cancel-order", bytes(SampleMessages::cancelOrder));
    samples.put("execution-report-trade", bytes(SampleMessages::trade2Fills));
    samples.put("execution-report-rejected", bytes(SampleMessages::rejected));
    return samples;
  }

  static byte[] named(Map<String, byte[]> samples, String name) {
    return Objects.requireNonNull(samples.get(name), name).clone();
  }

  private static byte[] bytes(Message message) {
    ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
    byte[] bytes = new byte[message.encode(buffer)];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private static int instrument(ExpandableArrayBuffer buffer, int legs, String description) {
    InstrumentDefinitionEncoder message = new InstrumentDefinitionEncoder();
    message.wrapAndApplyHeader(buffer, 0, MARKET_HEADER);
    message.publishedNs(TIME_NS).instrumentId(1_001).securityType(SecurityType.FUTURE);
    message.tradingStatus(TradingStatus.OPEN).symbol("ESH6-ESM6").currency("USD");
    message.tickSize().mantissa(5_000_000);
    message.lotSize().mantissa(10_000);
    message.multiplier().mantissa(500_000);
    message.expiryNs(InstrumentDefinitionEncoder.expiryNsNullValue());
    InstrumentDefinitionEncoder.LegsEncoder group = message.legsCount(legs);
    for (int i = 0; i < legs; i++) {
      group.next().instrumentId(1_002 + i).ratio(1).side(i == 0 ? Side.BUY : Side.SELL);
    }
    return message.description(description).limit();
  }

  private static int quote(ExpandableArrayBuffer buffer) {
    QuoteEncoder message = new QuoteEncoder().wrapAndApplyHeader(buffer, 0, MARKET_HEADER);
    message.eventNs(TIME_NS).publishedNs(TIME_NS + 900).sequence(42).instrumentId(1_001);
    message.bidPrice().mantissa(689_975_000_000L);
    message.bidQuantity().mantissa(120_000);
    message.askPrice().mantissa(io.petrel.codecs.marketdata.PriceEncoder.mantissaNullValue());
    message.askQuantity().mantissa(io.petrel.codecs.marketdata.QuantityEncoder.mantissaNullValue());
    message.conditions().clear().lastOfEvent(true).indicative(true);
    return message.limit();
  }

  private static int trade(ExpandableArrayBuffer buffer) {
    TradeEncoder message = new TradeEncoder().wrapAndApplyHeader(buffer, 0, MARKET_HEADER);
    message.eventNs(TIME_NS).publishedNs(TIME_NS + 900).sequence(43).tradeId(7_000_000_001L);
    message.price().mantissa(690_000_000_000L);
    message.quantity().mantissa(30_000);
    message.instrumentId(1_001).aggressor(Side.BUY).conditions().clear();
    return message.limit();
  }

  private static int bookUpdate(ExpandableArrayBuffer buffer) {
    BookUpdateEncoder message = new BookUpdateEncoder();
    message.wrapAndApplyHeader(buffer, 0, MARKET_HEADER);
    message.eventNs(TIME_NS).publishedNs(TIME_NS + 900).sequence(44).instrumentId(1_001);
    message.conditions().clear().lastOfEvent(true);
    BookUpdateEncoder.ChangesEncoder changes = message.changesCount(2);
    changes.next().orderCount(3).level(0).action(BookAction.CHANGE).side(Side.BUY);
    changes.price().mantissa(689_975_000_000L);
    changes.quantity().mantissa(90_000);
    changes.next().orderCount(0).level(9).action(BookAction.DELETE).side(Side.SELL);
    changes.price().mantissa(690_250_000_000L);
    changes.quantity().mantissa(0);
    return message.limit();
  }

  private static int bookSnapshot(ExpandableArrayBuffer buffer, int bids, int asks) {
    BookSnapshotEncoder message = new BookSnapshotEncoder();
    message.wrapAndApplyHeader(buffer, 0, MARKET_HEADER);
    message.eventNs(TIME_NS).publishedNs(TIME_NS + 900).sequence(44).instrumentId(1_001);
    message.tradingStatus(TradingStatus.AUCTION);
    BookSnapshotEncoder.BidsEncoder bid = message.bidsCount(bids);
    for (int i = 0; i < bids; i++) {
      bid.next().orderCount(i + 1);
      bid.price().mantissa(689_975_000_000L - i * 25_000_000L);
      bid.quantity().mantissa(10_000L * (i + 1));
    }
    BookSnapshotEncoder.AsksEncoder ask = message.asksCount(asks);
    for (int i = 0; i < asks; i++) {
      ask.next().orderCount(i + 1);
      ask.price().mantissa(690_000_000_000L + i * 25_000_000L);
      ask.quantity().mantissa(10_000L * (i + 1));
    }
    return message.limit();
  }

  private static int newOrder(ExpandableArrayBuffer buffer) {
    NewOrderEncoder message = new NewOrderEncoder().wrapAndApplyHeader(buffer, 0, ORDER_HEADER);
    message.clientOrderId(501).sentNs(TIME_NS).expiryNs(NewOrderEncoder.expiryNsNullValue());
    message.price().mantissa(689_975_000_000L);
    message.stopPrice().mantissa(PriceEncoder.mantissaNullValue());
    message.quantity().mantissa(50_000);
    message.displayQuantity().mantissa(QuantityEncoder.mantissaNullValue());
    message.accountId(12).instrumentId(1_001).side(io.petrel.codecs.orders.Side.SELL_SHORT);
    message.orderType(OrderType.LIMIT).timeInForce(TimeInForce.GOOD_TILL_CANCEL);
    message.instructions().clear().postOnly(true);
    return message.tag("desk-7").limit();
  }

  private static int replaceOrder(ExpandableArrayBuffer buffer) {
    ReplaceOrderEncoder message = new ReplaceOrderEncoder();
    message.wrapAndApplyHeader(buffer, 0, ORDER_HEADER);
    message.clientOrderId(502).originalClientOrderId(501).orderId(90_001).sentNs(TIME_NS);
    message.price().mantissa(690_000_000_000L);
    message.stopPrice().mantissa(PriceEncoder.mantissaNullValue());
    message.quantity().mantissa(60_000);
    message.accountId(12).instrumentId(1_001).side(io.petrel.codecs.orders.Side.SELL);
    return message.timeInForce(TimeInForce.DAY).tag("").limit();
  }

  private static int cancelOrder(ExpandableArrayBuffer buffer) {
    CancelOrderEncoder message = new CancelOrderEncoder();
    message.wrapAndApplyHeader(buffer, 0, ORDER_HEADER);
    message.clientOrderId(503).originalClientOrderId(502).orderId(0).sentNs(TIME_NS);
    message.accountId(12).instrumentId(1_001).side(io.petrel.codecs.orders.Side.BUY);
    return message.limit();
  }

  private static int trade2Fills(ExpandableArrayBuffer buffer) {
    ExecutionReportEncoder message = report(buffer, ExecutionType.TRADE);
    message.orderStatus(OrderStatus.PARTIALLY_FILLED).rejectReason(RejectReason.NULL_VAL);
    message.averagePrice().mantissa(689_975_000_000L);
    message.filledQuantity().mantissa(30_000);
    message.leavesQuantity().mantissa(20_000);
    ExecutionReportEncoder.FillsEncoder fills = message.fillsCount(2);
    fills.next().tradeId(7_000_000_001L).liquidity(Liquidity.MAKER);
    fills.price().mantissa(689_975_000_000L);
    fills.quantity().mantissa(10_000);
    fills.next().tradeId(7_000_000_002L).liquidity(Liquidity.TAKER);
    fills.price().mantissa(689_975_000_000L);
    fills.quantity().mantissa(20_000);
    return message.tag("desk-7").text("").limit();
  }

  private static int rejected(ExpandableArrayBuffer buffer) {
    ExecutionReportEncoder message = report(buffer, ExecutionType.REJECTED);
    message.orderStatus(OrderStatus.REJECTED).rejectReason(RejectReason.PRICE);
    message.averagePrice().mantissa(PriceEncoder.mantissaNullValue());
    message.filledQuantity().mantissa(0);
    message.leavesQuantity().mantissa(0);
    message.fillsCount(0);
    return message.tag("desk-7").text("not a multiple of 0.25").limit();
  }

  private static ExecutionReportEncoder report(ExpandableArrayBuffer buffer, ExecutionType type) {
    ExecutionReportEncoder message = new ExecutionReportEncoder();
    message.wrapAndApplyHeader(buffer, 0, ORDER_HEADER);
    message.orderId(90_001).clientOrderId(501).executionId(8_001).transactNs(TIME_NS);
    message.price().mantissa(689_975_000_000L);
    message.accountId(12).instrumentId(1_001).executionType(type);
    return message.side(io.petrel.codecs.orders.Side.BUY);
  }
}
