package io.petrel.transport.engine;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/** Takes the engine's turns on a thread of its own, until the engine has ended. */
final class EngineAgent implements Agent {
  private final Engine engine;
  private final String name;

  EngineAgent(Engine engine, String name) {
    this.engine = engine;
    this.name = name;
  }

  @Override
  public int doWork() {
    int done = engine.takeTurn();
    if (engine.isEnded()) {
      throw new AgentTerminationException("the engine has ended", false);
    }
    return done;
  }

  @Override
  public String roleName() {
    return name;
  }
}
