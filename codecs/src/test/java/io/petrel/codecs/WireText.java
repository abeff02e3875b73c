package io.petrel.codecs;

import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Decodes any datagram to text with the decoders generated from one schema. */
final class WireText {
  private final String packageName;
  private final Map<Integer, String> names = new HashMap<>();

  WireText(SchemaModel schema) {
    packageName = schema.packageName();
    schema.messages().forEach(message -> names.put(message.id(), message.name()));
  }

  /** One line a frame; those unknown to the schema by their length alone. */
  String describe(byte[] datagram) {
    UnsafeBuffer buffer = new UnsafeBuffer(datagram);
    StringBuilder text = new StringBuilder();
    FrameCursor cursor = new FrameCursor().wrap(buffer, 0, datagram.length);
    while (cursor.next()) {
      text.append(text.isEmpty() ? "" : "\n").append(describe(buffer, cursor));
    }
    return text.toString();
  }

  private String describe(DirectBuffer buffer, FrameCursor cursor) {
    long header = FrameHeader.read(buffer, cursor.offset());
    String name = names.get(FrameHeader.templateId(header));
    if (name == null || FrameHeader.schemaId(header) != FrameHeader.SCHEMA_ID) {
      return "unknown frame of " + cursor.length();
    }
    String fields =
        decoded(
            packageName + "." + name,
            buffer,
            cursor.body(),
            cursor.blockLength(),
            cursor.version(),
            cursor.offset() + cursor.length());
    int rest = cursor.payloadLength();
    boolean payload =
        rest > 0
            && (name.equals("StreamFrame")
                || name.equals("FanOutDataFrame")
                || name.startsWith("P"));
    return name + ": " + fields + (payload ? " then " + rest : "");
  }

  /**
   * Content of a message by its generated decoder, without what names the schema's version. Fails
   * when the decoder's way through the message leads beyond its end.
   */
  static String decoded(
      String name, DirectBuffer buffer, int offset, int block, int version, int end) {
    try {
      Class<?> type = Class.forName(name + "Decoder");
      Object decoder = type.getDeclaredConstructor().newInstance();
      type.getMethod("wrap", DirectBuffer.class, int.class, int.class, int.class)
          .invoke(decoder, buffer, offset, block, version);
      String text = decoder.toString();
      type.getMethod("sbeSkip").invoke(decoder);
      int limit = (int) type.getMethod("limit").invoke(decoder);
      if (limit > end) {
        throw new IndexOutOfBoundsException(name + " ends at " + limit + ", beyond " + end);
      }
      return text.substring(text.indexOf("):") + 2);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }
}
