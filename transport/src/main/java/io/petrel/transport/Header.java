package io.petrel.transport;

/** Where a message came from. A flyweight: good for the length of the call it is given to. */
public final class Header {
  private final SessionInfo session;
  private long position;

  /**
   * For transports, one a session.
   *
   * @param session that all messages shown with this come from
   */
  public Header(SessionInfo session) {
    this.session = session;
  }

  /**
   * The session the message came by.
   *
   * @return the same object for every message of that session
   */
  public SessionInfo session() {
    return session;
  }

  /**
   * The stream of the message.
   *
   * @return as in the URI
   */
  public int stream() {
    return session.stream();
  }

  /**
   * Where the message ends in its stream; what the sender's offer returned.
   *
   * @return absolute, in bytes
   */
  public long position() {
    return position;
  }

  /**
   * For transports: moves to the next message.
   *
   * @param endPosition where that message ends
   * @return this
   */
  public Header position(long endPosition) {
    position = endPosition;
    return this;
  }
}
