import type { Fault, FaultHelp, NumberFault, Often, ParamFault, PlainFault, Spoiling } from '../fault.ts';
import type { Param } from './params.ts';

/** The help of a fault, and how to read its detail: the text after the colon, or null. */
export interface FaultForm extends FaultHelp {
  readonly read: (detail: string | null) => Fault | null;
}

type Kind = Pick<FaultHelp, 'honest'>;

/** The server keeps its word, and its day does not change during a read. */
export const HONEST: Kind = { honest: true };
export const WRONG: Kind = { honest: false };

export function plain(kind: Kind, name: PlainFault, meaning: string): FaultForm {
  return { ...kind, name, forms: [name], meaning, read: (detail) => (detail === null ? { name } : null) };
}

export function spoiling(name: Spoiling, meaning: string): FaultForm {
  const read = (detail: string | null): Fault | null => {
    const often = readOften(detail);
    return often && { name, often };
  };
  return { ...WRONG, name, forms: [`${name}:some`, `${name}:forever`], meaning, read };
}

export function numbered(
  kind: Kind,
  form: string,
  meaning: string,
  shape: RegExp,
  make: (value: number) => Fault,
): FaultForm {
  const read = (detail: string | null): Fault | null => {
    const value = readNumber(detail, shape);
    return value === null ? null : make(value);
  };
  return { ...kind, name: make(0).name, forms: [form], meaning, read };
}

/** A fault with a number from 1. */
export function counted(kind: Kind, name: NumberFault, meaning: string): FaultForm {
  return numbered(kind, `${name}:N`, meaning, /^[1-9]\d*$/, (number) => ({ name, number }));
}

export function ofParams(kind: Kind, name: ParamFault, params: readonly Param[], meaning: string): FaultForm {
  const read = (detail: string | null): Fault | null => {
    const param = params.find((known) => known === detail);
    return param ? { name, param } : null;
  };
  return { ...kind, name, forms: params.map((param) => `${name}:${param}`), meaning, read };
}

export function readOften(detail: string | null): Often | null {
  return detail === 'some' || detail === 'forever' ? detail : null;
}

export function readNumber(detail: string | null, shape: RegExp): number | null {
  const isNumber = detail !== null && shape.test(detail) && Number.isSafeInteger(Number(detail));
  return isNumber ? Number(detail) : null;
}
