package io.petrel.codecs;

import static io.petrel.codecs.MessageShape.group;
import static io.petrel.codecs.MessageShape.message;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.petrel.codecs.marketdata.BookSnapshotDecoder;
import io.petrel.codecs.marketdata.BookUpdateDecoder;
import io.petrel.codecs.marketdata.InstrumentDefinitionDecoder;
import io.petrel.codecs.marketdata.MessageHeaderDecoder;
import io.petrel.codecs.marketdata.QuoteDecoder;
import io.petrel.codecs.marketdata.TradeDecoder;
import io.petrel.codecs.orders.CancelOrderDecoder;
import io.petrel.codecs.orders.ExecutionReportDecoder;
import io.petrel.codecs.orders.NewOrderDecoder;
import io.petrel.codecs.orders.ReplaceOrderDecoder;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Says of any bytes whether they are one whole message of a schema, header first: all groups and
 * texts within the bytes, none larger than the schema allows. The generated decoders may then read
 * it even with the buffers' bounds checks off.
 *
 * <p>A message of a newer version passes: its added fields are skipped, and what a decoder of this
 * version reads lies within it. Enum values that this version does not know read as {@code
 * SBE_UNKNOWN}, absent ones as {@code NULL_VAL}.
 *
 * <p>Immutable; allocates nothing, throws nothing.
 */
public final class MessageVerifier {
  /** Bytes of the header that opens each message. */
  public static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;

  /** For the messages of {@code io.petrel.codecs.marketdata}. */
  public static final MessageVerifier MARKET_DATA = marketData();

  /** For the messages of {@code io.petrel.codecs.orders}. */
  public static final MessageVerifier ORDERS = orders();

  private static final int MAXIMUM_LEGS = 64;
  private static final int MAXIMUM_LEVELS = 1_000;
  private static final int MAXIMUM_FILLS = 1_000;
  private static final int MAXIMUM_TAG = 64;
  private static final int MAXIMUM_TEXT = 256;
  private static final int MAXIMUM_DESCRIPTION = 1_024;

  private final int schemaId;
  private final int knownVersion;

  /** By template id. */
  private final @Nullable MessageShape[] shapes;

  private MessageVerifier(int schemaId, int knownVersion, @Nullable MessageShape[] shapes) {
    this.schemaId = schemaId;
    this.knownVersion = knownVersion;
    this.shapes = shapes;
  }

  /**
   * Checks one message.
   *
   * @param buffer that holds it; all of the range must be within its capacity
   * @param offset of its header
   * @param length of the message with its header
   * @return {@link Rejection#NONE}, or a negative constant of {@link Rejection}; {@link
   *     Rejection#TEMPLATE} for a kind that a newer version may have
   */
  public int verify(DirectBuffer buffer, int offset, int length) {
    if (length < HEADER_LENGTH) {
      return Rejection.TRUNCATED;
    }
    if (unsignedShort(buffer, offset + MessageHeaderDecoder.schemaIdEncodingOffset()) != schemaId) {
      return Rejection.SCHEMA;
    }
    int template = unsignedShort(buffer, offset + MessageHeaderDecoder.templateIdEncodingOffset());
    MessageShape shape = template < shapes.length ? shapes[template] : null;
    if (shape == null) {
      return Rejection.TEMPLATE;
    }
    return shape.check(
        buffer,
        offset + HEADER_LENGTH,
        offset + length,
        unsignedShort(buffer, offset + MessageHeaderDecoder.blockLengthEncodingOffset()),
        unsignedShort(buffer, offset + MessageHeaderDecoder.versionEncodingOffset()),
        knownVersion,
        MessageShape.Dimensions.WIDE);
  }

  @Nullable MessageShape shape(int templateId) {
    return shapes[templateId];
  }

  private static int unsignedShort(DirectBuffer buffer, int offset) {
    return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
  }

  private static MessageVerifier marketData() {
    @Nullable MessageShape[] shapes = new MessageShape[BookSnapshotDecoder.TEMPLATE_ID + 1];
    shapes[InstrumentDefinitionDecoder.TEMPLATE_ID] =
        message(65).with(group(9, MAXIMUM_LEGS)).withData(MAXIMUM_DESCRIPTION);
    shapes[QuoteDecoder.TEMPLATE_ID] = message(61);
    shapes[TradeDecoder.TEMPLATE_ID] = message(54);
    shapes[BookUpdateDecoder.TEMPLATE_ID] = message(29).with(group(24, MAXIMUM_LEVELS));
    shapes[BookSnapshotDecoder.TEMPLATE_ID] =
        message(29).with(group(20, MAXIMUM_LEVELS)).with(group(20, MAXIMUM_LEVELS));
    return new MessageVerifier(QuoteDecoder.SCHEMA_ID, QuoteDecoder.SCHEMA_VERSION, shapes);
  }

  private static MessageVerifier orders() {
    @Nullable MessageShape[] shapes = new MessageShape[ExecutionReportDecoder.TEMPLATE_ID + 1];
    shapes[NewOrderDecoder.TEMPLATE_ID] = message(68).withData(MAXIMUM_TAG);
    shapes[ReplaceOrderDecoder.TEMPLATE_ID] = message(66).withData(MAXIMUM_TAG);
    shapes[CancelOrderDecoder.TEMPLATE_ID] = message(41);
    shapes[ExecutionReportDecoder.TEMPLATE_ID] =
        message(76).with(group(25, MAXIMUM_FILLS)).withData(MAXIMUM_TAG).withData(MAXIMUM_TEXT);
    return new MessageVerifier(NewOrderDecoder.SCHEMA_ID, NewOrderDecoder.SCHEMA_VERSION, shapes);
  }
}
