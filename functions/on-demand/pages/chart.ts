import { type Html, html } from '../../report/html.ts';
import type { Day } from '../../time/report-day.ts';
import { weekdayOf } from './month.ts';

/** One day of a chart: its value, or null where there is none to show. A gap is not zero. */
export interface ChartBar {
  readonly day: Day;
  readonly value: number | null;
  /** Whether there is a report at all. */
  readonly isGap: boolean;
  /** What a pointer is told that rests on it. */
  readonly says: string;
  /** Empty where nothing is to be seen. */
  readonly href: string;
}

const HEIGHT = 100;
/** A day's room, of which the bar takes the most. */
const STEP = 10;
const BAR = 8;
/** So that a day at zero is seen to be one. */
const LEAST_HEIGHT = 1;

/**
 * Bars of one unit, from zero up to `full`. Only shapes are in it, so that it may be stretched to any width; its words and
 * figures stand around it, and all of them in the table beneath: for a screen reader and the keyboard it is not there.
 */
export function barChart(bars: readonly ChartBar[], full: number): Html {
  return html`<svg class="chart" viewBox="0 0 ${bars.length * STEP} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${bars.map((bar, index) => [
      weekdayOf(bar.day) === 0 &&
        index > 0 &&
        html`<line class="week" x1="${index * STEP}" x2="${index * STEP}" y1="0" y2="${HEIGHT}"/>`,
      column(bar, index * STEP + (STEP - BAR) / 2, full),
    ])}
    <line class="base" x1="0" x2="${bars.length * STEP}" y1="${HEIGHT}" y2="${HEIGHT}"/>
    </svg>`;
}

function column({ value, isGap, says, href }: ChartBar, x: number, full: number): Html {
  const shape = isGap
    ? gap(x)
    : html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${filled(value, x, full)}`;
  const told = html`<title>${says}</title>${shape}`;
  return href === '' ? html`<g>${told}</g>` : html`<a href="${href}" tabindex="-1">${told}</a>`;
}

function filled(value: number | null, x: number, full: number): Html | null {
  if (value === null) return null;
  const height = Math.max(LEAST_HEIGHT, Math.round((1_000 * value) / full) / 10);
  return html`<rect class="fill" x="${x}" y="${HEIGHT - height}" width="${BAR}" height="${height}"/>`;
}

/** Five stripes on the ground. */
function gap(x: number): Html {
  return html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${[0, 1, 2].map(
    (stripe) => html`<rect class="gap" x="${x}" y="${HEIGHT - 4 - stripe * 8}" width="${BAR}" height="3"/>`,
  )}`;
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** The least round number that is not below the value; 1 where that is 0. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((times) => times * unit >= value) ?? 10) * unit;
}
