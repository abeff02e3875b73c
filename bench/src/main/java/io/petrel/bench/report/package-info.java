/**
 * Pictures and pages: functions of figures that give text, SVG or HTML. Nothing here measures,
 * reads a clock or knows whose figures they are.
 *
 * <p>A chart is a file that stands alone: no script, no font, nothing from elsewhere; it follows
 * the reader's light or dark setting. Drawn {@link io.petrel.bench.report.Svg#WIDTH} units wide, it
 * is meant to be shown about so many pixels wide.
 */
@NullMarked
package io.petrel.bench.report;

import org.jspecify.annotations.NullMarked;
