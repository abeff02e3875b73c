package io.petrel.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * A parsed URI: {@code scheme://host:port/path?option=value&...}, the host a name, an IPv4 address
 * or an IPv6 address in brackets; or {@code scheme:anything}, which is left to the transport.
 * Immutable.
 */
public final class Channel {
  /** What {@link #port()} says when the URI names none. */
  public static final int NO_PORT = -1;

  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_-]+)*\\.?");
  private static final Pattern IPV4 = Pattern.compile("[0-9.]+");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[^\\]]+)?");
  private static final int PORT_LIMIT = 65_535;
  private static final int LENGTH_LIMIT = 4_096;

  private final String scheme;
  private final String host;
  private final int port;
  private final String rest;
  private final Map<String, String> parameters;

  private Channel(
      String scheme, String host, int port, String rest, Map<String, String> parameters) {
    this.scheme = scheme;
    this.host = host;
    this.port = port;
    this.rest = rest;
    this.parameters = parameters;
  }

  /**
   * Reads a URI. Whether the scheme exists and its options are right is seen when it is used.
   *
   * @param uri as above
   * @return the channel
   * @throws ConfigurationException saying what is wrong and what would be right
   */
  public static Channel parse(String uri) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon);
    if (!SCHEME.matcher(scheme).matches() || uri.length() > LENGTH_LIMIT) {
      throw wrong(uri, "it must begin with a scheme in small letters, such as rudp://host:port");
    }
    String body = uri.substring(colon + 1);
    if (!body.startsWith("//")) {
      return new Channel(scheme, "", NO_PORT, body, Map.of());
    }
    int query = body.indexOf('?');
    Map<String, String> parameters =
        query < 0 ? Map.of() : parameters(uri, body.substring(query + 1));
    String place = body.substring(2, query < 0 ? body.length() : query);
    int slash = place.indexOf('/');
    String path = slash < 0 ? "" : place.substring(slash);
    String authority = slash < 0 ? place : place.substring(0, slash);
    return new Channel(scheme, host(uri, authority), port(uri, authority), path, parameters);
  }

  /**
   * What is before the first colon.
   *
   * @return small letters
   */
  public String scheme() {
    return scheme;
  }

  /**
   * The host, without the brackets of an IPv6 address.
   *
   * @return empty where the URI has none
   */
  public String host() {
    return host;
  }

  /**
   * The port.
   *
   * @return 0 to 65535, or {@link #NO_PORT}
   */
  public int port() {
    return port;
  }

  /**
   * The path with its slash; of {@code scheme:anything} what is behind the colon.
   *
   * @return empty where the URI has none
   */
  public String path() {
    return rest;
  }

  /**
   * The options as written, in that order.
   *
   * @return not to be changed
   */
  public Map<String, String> parameters() {
    return parameters;
  }

  /**
   * What the URI says of an option.
   *
   * @param option to look for
   * @return the value, if it is named here
   * @param <T> of the option
   * @throws ConfigurationException when the value is wrong
   */
  public <T> Optional<T> get(Option<T> option) {
    String value = parameters.get(option.name());
    return value == null ? Optional.empty() : Optional.of(option.parse(value, toString()));
  }

  /**
   * The same with one option set.
   *
   * @param name of the option
   * @param value as written in a URI
   * @return another channel
   */
  public Channel with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.put(name, value);
    return new Channel(scheme, host, port, rest, Collections.unmodifiableMap(changed));
  }

  /**
   * The same with one option left to what the {@link Context} says.
   *
   * @param option not to be in it
   * @return another channel
   */
  public Channel without(Option<?> option) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.remove(option.name());
    return new Channel(scheme, host, port, rest, Collections.unmodifiableMap(changed));
  }

  /**
   * Refuses options that the group does not know, and values that are wrong.
   *
   * @param group of the scheme
   * @throws ConfigurationException naming the option
   */
  public void validate(OptionGroup group) {
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      Option<?> option =
          group
              .find(parameter.getKey())
              .orElseThrow(() ->
                  new ConfigurationException(
                      this
                          + ": "
                          + OptionGroup.unknown(
                              "option",
                              parameter.getKey(),
                              group.options().stream().map(Option::name).toList())));
      option.parse(parameter.getValue(), toString());
    }
  }

  /** As it would be written; parses to an equal channel. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme).append(':');
    if (host.isEmpty() && port == NO_PORT && parameters.isEmpty() && !rest.startsWith("/")) {
      return text.append(rest).toString();
    }
    text.append("//").append(host.indexOf(':') < 0 ? host : '[' + host + ']');
    if (port != NO_PORT) {
      text.append(':').append(port);
    }
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    parameters.forEach((name, value) -> query.add(name + '=' + value));
    return text.append(rest).append(query).toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Channel channel
        && scheme.equals(channel.scheme)
        && host.equals(channel.host)
        && port == channel.port
        && rest.equals(channel.rest)
        && parameters.equals(channel.parameters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, host, port, rest, parameters);
  }

  private static Map<String, String> parameters(String uri, String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals <= 0) {
        throw wrong(uri, "'" + parameter + "' in its query is not option=value");
      }
      String name = parameter.substring(0, equals);
      if (parameters.put(name, parameter.substring(equals + 1)) != null) {
        throw wrong(uri, "option '" + name + "' is given twice");
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  private static String host(String uri, String authority) {
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      String address = end < 0 ? "" : authority.substring(1, end);
      if (!IPV6.matcher(address).matches()) {
        throw wrong(uri, "'" + authority + "' is not an IPv6 address in brackets, such as [::1]");
      }
      return address.toLowerCase(Locale.ROOT);
    }
    int colon = authority.indexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    if (authority.indexOf(':', colon + 1) > colon && colon >= 0) {
      throw wrong(uri, "an IPv6 address stands in brackets, such as [::1]:9000");
    }
    if (!host.isEmpty() && IPV4.matcher(host).matches() && !isIpv4(host)) {
      throw wrong(uri, "'" + host + "' is not an IPv4 address of four numbers from 0 to 255");
    }
    if (!host.isEmpty() && !HOST_NAME.matcher(host).matches()) {
      throw wrong(uri, "'" + host + "' is neither an address nor a name of a host");
    }
    return host;
  }

  private static int port(String uri, String authority) {
    int colon = authority.indexOf(':', Math.max(0, authority.indexOf(']')));
    if (colon < 0) {
      return NO_PORT;
    }
    String digits = authority.substring(colon + 1);
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > PORT_LIMIT) {
      throw wrong(uri, "'" + digits + "' is not a port from 0 to 65535");
    }
    return Integer.parseInt(digits);
  }

  private static boolean isIpv4(String host) {
    String[] numbers = host.split("\\.", -1);
    for (String number : numbers) {
      if (!number.matches("[0-9]{1,3}") || Integer.parseInt(number) > 255) {
        return false;
      }
    }
    return numbers.length == 4;
  }

  private static ConfigurationException wrong(String uri, String why) {
    return new ConfigurationException("URI '" + uri + "': " + why);
  }
}
