package io.petrel.codecs;

import java.util.List;

/** Draws a schema as tables in Markdown. */
final class SchemaTables {
  private final SchemaModel schema;
  private final StringBuilder out = new StringBuilder();

  private SchemaTables(SchemaModel schema) {
    this.schema = schema;
  }

  static String draw(SchemaModel schema) {
    return new SchemaTables(schema).draw();
  }

  private String draw() {
    line("## " + schema.description());
    line("");
    line("`%s`, schema id %d, version %d.".formatted(schema.name(), schema.id(), schema.version()));
    schema.composites().values().forEach(this::composite);
    if (!schema.types().isEmpty()) {
      types();
    }
    schema.messages().forEach(this::message);
    line("");
    line("### Values");
    schema.enumerations().values().forEach(this::enumeration);
    return out.toString();
  }

  private void composite(SchemaModel.Composite composite) {
    line("");
    line("### `%s`, %d bytes".formatted(composite.name(), composite.bytes()));
    line("");
    line(composite.description());
    line("");
    line("| at | bytes | field | type | |");
    line("|---|---|---|---|---|");
    int at = 0;
    for (SchemaModel.Type type : composite.types()) {
      if (type.bytes() > 0) {
        row(at, type.bytes(), type.name(), type.primitive(), type.description());
      } else if (!type.constant().isEmpty()) {
        row("", "", type.name(), type.primitive(), "Always " + type.constant() + "; not sent.");
      }
      at += type.bytes();
    }
  }

  private void types() {
    line("");
    line("### Types");
    line("");
    line("| type | bytes | of | |");
    line("|---|---|---|---|");
    for (SchemaModel.Type type : schema.types().values()) {
      line(
          "| %s | %d | %s | %s |"
              .formatted(type.name(), type.bytes(), type.primitive(), type.description()));
    }
  }

  private void message(SchemaModel.Message message) {
    int block = schema.blockLength(message.fields(), schema.version());
    line("");
    line(
        "### %d `%s`, block of %d bytes%s"
            .formatted(message.id(), message.name(), block, since(message.since(), ", ", "")));
    line("");
    line(message.description());
    if (!message.fields().isEmpty()) {
      line("");
      fields(message.fields());
    }
    message.groups().forEach(this::group);
    if (!message.data().isEmpty()) {
      data(message.data());
    }
  }

  private void fields(List<SchemaModel.Field> fields) {
    line("| at | bytes | field | type | |");
    line("|---|---|---|---|---|");
    int at = 0;
    for (SchemaModel.Field field : fields) {
      int bytes = schema.bytes(field);
      String description = field.description() + since(field.since(), " ", ".");
      row(at, bytes, field.name(), field.type(), description);
      at += bytes;
    }
  }

  private void data(List<SchemaModel.Field> fields) {
    line("");
    line("Then, of variable length:");
    line("");
    line("| bytes | field | type | |");
    line("|---|---|---|---|");
    for (SchemaModel.Field field : fields) {
      line("| 2 + n | %s | %s | %s |".formatted(field.name(), field.type(), field.description()));
    }
  }

  private void group(SchemaModel.Group group) {
    int entry = schema.blockLength(group.fields(), schema.version());
    line("");
    line(
        "Then a group, `%s`, of entries of %d bytes. %s"
            .formatted(group.name(), entry, group.description()));
    line("");
    fields(group.fields());
  }

  private void enumeration(SchemaModel.Enumeration enumeration) {
    line("");
    line(
        "`%s` (%s): %s"
            .formatted(enumeration.name(), enumeration.primitive(), enumeration.description()));
    line("");
    line("| value | name | |");
    line("|---|---|---|");
    for (SchemaModel.Value value : enumeration.values()) {
      line("| %s | %s | %s |".formatted(value.value(), value.name(), value.description()));
    }
  }

  private static String since(int version, String before, String after) {
    return version == 0 ? "" : before + "since version " + version + after;
  }

  private void row(Object at, Object bytes, String name, String type, String description) {
    line("| %s | %s | %s | %s | %s |".formatted(at, bytes, name, type, description));
  }

  private void line(String line) {
    out.append(line.stripTrailing()).append('\n');
  }
}
