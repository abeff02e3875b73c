package io.petrel.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shapes that bytes are checked by are those of the schemas. */
class MessageShapeTest {
  private static final Pattern LIMIT = Pattern.compile("(?:At most|1 to) (\\d+)");

  @Test
  void framesHaveTheShapesOfTheirSchema() {
    assertShapes(SchemaModel.wire(), FrameRules::shape);
  }

  @Test
  void marketDataHasTheShapesOfItsSchema() {
    assertShapes(
        SchemaModel.read("src/main/sbe/market-data.xml"), MessageVerifier.MARKET_DATA::shape);
  }

  @Test
  void ordersHaveTheShapesOfTheirSchema() {
    assertShapes(SchemaModel.read("src/main/sbe/orders.xml"), MessageVerifier.ORDERS::shape);
  }

  private static void assertShapes(SchemaModel schema, IntFunction<@Nullable MessageShape> shapes) {
    for (SchemaModel.Message message : schema.messages()) {
      assertEquals(
          expected(schema, message), String.valueOf(shapes.apply(message.id())), message.name());
    }
  }

  private static String expected(SchemaModel schema, SchemaModel.Message message) {
    List<Integer> blocks = new ArrayList<>();
    for (int version = message.since(); version <= schema.version(); version++) {
      int block = schema.blockLength(message.fields(), version);
      if (blocks.isEmpty() || !blocks.getLast().equals(block)) {
        blocks.add(block);
      }
    }
    StringBuilder text = new StringBuilder("since " + message.since() + " " + blocks);
    for (SchemaModel.Group group : message.groups()) {
      int entry = schema.blockLength(group.fields(), schema.version());
      text.append(" group(since 0 [" + entry + "] x " + limit(group.description()) + ")");
    }
    for (SchemaModel.Field data : message.data()) {
      text.append(" data(" + limit(data.description()) + ")");
    }
    boolean payload = message.description().contains("up to the end of the frame");
    return text + (payload ? " payload" : "");
  }

  private static String limit(String description) {
    Matcher matcher = LIMIT.matcher(description);
    return matcher.find() ? matcher.group(1) : "no limit in: " + description;
  }
}
