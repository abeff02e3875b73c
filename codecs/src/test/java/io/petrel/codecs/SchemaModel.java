package io.petrel.codecs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** An SBE schema as its XML has it, as far as tests and the drawn tables need it. */
record SchemaModel(
    String name,
    String description,
    String packageName,
    int id,
    int version,
    Map<String, Composite> composites,
    Map<String, Type> types,
    Map<String, Enumeration> enumerations,
    List<Message> messages) {

  record Type(String name, String primitive, int length, String description, String constant) {
    int bytes() {
      if (!constant.isEmpty()) {
        return 0;
      }
      return length * primitiveBytes(primitive);
    }
  }

  record Composite(String name, String description, List<Type> types) {
    int bytes() {
      return types.stream().mapToInt(Type::bytes).sum();
    }
  }

  record Value(String name, String value, String description) {}

  record Enumeration(String name, String primitive, String description, List<Value> values) {}

  record Field(String name, String type, int since, String description, boolean constant) {}

  record Group(String name, String description, List<Field> fields, List<Group> groups) {}

  record Message(
      String name,
      int id,
      int since,
      String description,
      List<Field> fields,
      List<Group> groups,
      List<Field> data) {}

  static SchemaModel wire() {
    return read("src/main/sbe/wire.xml");
  }

  static SchemaModel read(String file) {
    Element root;
    try {
      root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(Path.of(file).toFile())
              .getDocumentElement();
    } catch (Exception e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
    SchemaModel schema =
        new SchemaModel(
            Path.of(file).getFileName().toString(),
            root.getAttribute("description"),
            root.getAttribute("package"),
            number(root, "id"),
            number(root, "version"),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new ArrayList<>());
    for (Element element : children(root)) {
      switch (element.getTagName()) {
        case "types" -> children(element).forEach(schema::addType);
        case "sbe:message" -> schema.messages.add(message(element));
        default -> throw new IllegalStateException(element.getTagName());
      }
    }
    return schema;
  }

  /** Bytes of a field's type. */
  int bytes(Field field) {
    if (field.constant) {
      return 0;
    }
    Composite composite = composites.get(field.type);
    if (composite != null) {
      return composite.bytes();
    }
    Enumeration enumeration = enumerations.get(field.type);
    if (enumeration != null) {
      return typeBytes(enumeration.primitive);
    }
    return typeBytes(field.type);
  }

  /** Bytes of a block in a version of the schema. */
  int blockLength(List<Field> fields, int inVersion) {
    return fields.stream().filter(f -> f.since <= inVersion).mapToInt(this::bytes).sum();
  }

  private int typeBytes(String type) {
    Type named = types.get(type);
    return named != null ? named.bytes() : primitiveBytes(type);
  }

  private static int primitiveBytes(String primitive) {
    return switch (primitive) {
      case "uint8", "int8", "char" -> 1;
      case "uint16", "int16" -> 2;
      case "uint32", "int32" -> 4;
      case "uint64", "int64" -> 8;
      default -> throw new IllegalStateException("unknown type " + primitive);
    };
  }

  private void addType(Element element) {
    String name = element.getAttribute("name");
    switch (element.getTagName()) {
      case "type" -> types.put(name, type(element));
      case "composite" ->
          composites.put(
              name,
              new Composite(
                  name,
                  element.getAttribute("description"),
                  children(element).stream().map(SchemaModel::type).toList()));
      case "enum", "set" ->
          enumerations.put(
              name,
              new Enumeration(
                  name,
                  element.getAttribute("encodingType"),
                  element.getAttribute("description"),
                  children(element).stream()
                      .map(e ->
                          new Value(
                              e.getAttribute("name"),
                              e.getTextContent().strip(),
                              e.getAttribute("description")))
                      .toList()));
      default -> throw new IllegalStateException(element.getTagName());
    }
  }

  private static Type type(Element element) {
    boolean constant = element.getAttribute("presence").equals("constant");
    return new Type(
        element.getAttribute("name"),
        element.getAttribute("primitiveType"),
        element.hasAttribute("length") ? number(element, "length") : 1,
        element.getAttribute("description"),
        constant ? element.getTextContent().strip() : "");
  }

  private static Message message(Element element) {
    return new Message(
        element.getAttribute("name"),
        number(element, "id"),
        number(element, "sinceVersion"),
        element.getAttribute("description"),
        fields(element, "field"),
        groups(element),
        fields(element, "data"));
  }

  private static List<Field> fields(Element parent, String tag) {
    return children(parent).stream()
        .filter(e -> e.getTagName().equals(tag))
        .map(e ->
            new Field(
                e.getAttribute("name"),
                e.getAttribute("type"),
                number(e, "sinceVersion"),
                e.getAttribute("description"),
                e.getAttribute("presence").equals("constant")))
        .toList();
  }

  private static List<Group> groups(Element parent) {
    return children(parent).stream()
        .filter(e -> e.getTagName().equals("group"))
        .map(e ->
            new Group(
                e.getAttribute("name"),
                e.getAttribute("description"),
                fields(e, "field"),
                groups(e)))
        .toList();
  }

  private static int number(Element element, String attribute) {
    return element.hasAttribute(attribute) ? Integer.parseInt(element.getAttribute(attribute)) : 0;
  }

  private static List<Element> children(Element element) {
    List<Element> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }
}
