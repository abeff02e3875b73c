package io.petrel.bench.project;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/** What may not be used where. */
final class Walls {
  private Walls() {}

  /** A protocol is told the time and given a sink: no socket, no thread, no clock. */
  static ArchRule sansIo(String... protocols) {
    return noClasses()
        .that()
        .resideInAnyPackage(protocols)
        .should(
            dependOnClassesThat(
                resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "io.petrel.transport.agent..",
                        "io.petrel.transport.engine..",
                        "io.petrel.transport.linux..",
                        "io.petrel.transport.nio..")
                    .and(not(belongToAnyOf(TimeUnit.class)))))
        .orShould(
            dependOnClassesThat(
                belongToAnyOf(
                    Thread.class, Clock.class, Instant.class, EpochClock.class, NanoClock.class)))
        .orShould(callMethod(System.class, "nanoTime"))
        .orShould(callMethod(System.class, "currentTimeMillis"))
        .because("a protocol runs under virtual time as it does in production");
  }

  /** Foreign functions stay in one room. */
  static ArchRule foreignOnlyIn(String room) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(room)
        .should(dependOnClassesThat(resideInAnyPackage("java.lang.foreign..")))
        .because("what can crash the JVM is to be read in one place");
  }

  /** Nothing uses what the JDK is about to take away. */
  static ArchRule noInternals() {
    return noClasses()
        .should(dependOnClassesThat(resideInAnyPackage("sun.misc..", "jdk.internal..")))
        .because("it goes away");
  }

  /** A library leaves the standard streams to the application. */
  static ArchRule noStandardStreams(String... libraries) {
    return noClasses()
        .that()
        .resideInAnyPackage(libraries)
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("a library logs, counts or answers; it does not print");
  }

  /** Dependencies between modules point one way. */
  static ArchRule knowsNothingOf(String module, String... above) {
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should(dependOnClassesThat(resideInAnyPackage(above)))
        .because("codecs <- transport <- reliable-udp <- multicast <- bench");
  }
}
