/**
 * A real link that loses, delays and limits: two network namespaces joined through this process,
 * which is what any peer crosses, kernel TCP included. What the link does is the simulator's link
 * model, moved on by the real clock.
 *
 * <p>No peer and no measurement lives here.
 */
@NullMarked
package io.petrel.bench.link;

import org.jspecify.annotations.NullMarked;
