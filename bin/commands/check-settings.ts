import { SETTING_ROWS } from '../../functions/config/settings.ts';
import { asGiven, dropUnset } from '../../functions/config/variables.ts';
import type { GivenSettings } from '../options.ts';
import { defaultOf, headOf, isSecret } from '../settings/setting-table.ts';
import { wrap } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** A setting as the command takes it. */
export interface SettingInForce {
  readonly name: string;
  /** As it was written. Null for a secret, and for a setting that has neither a value nor a default. */
  readonly value: string | null;
  readonly isHidden: boolean;
  /** An option, `environment`, the place in a file, `default`, or `not set`. */
  readonly origin: string;
  /** What the setting is, in one clause. */
  readonly is: string;
}

const WIDTH = 80;

/** Every setting with its value, and where the value comes from. A value may be wrong: it is not read here. */
export function settingsInForce(
  { environment, optionFor }: Pick<GivenSettings, 'environment' | 'optionFor'>,
  { origin }: Pick<Terminal, 'origin'>,
): SettingInForce[] {
  const set = dropUnset(environment);
  const originOf = (name: string): string => {
    const line = origin?.lines.get(name);
    if (origin && line !== undefined) return line === null ? origin.path : `${origin.path}:${line}`;
    return origin?.others?.get(name) ?? 'environment';
  };
  return SETTING_ROWS.map(([name, row]) => {
    const given = asGiven(name, set);
    const value = set[given];
    const about = { name, is: headOf(row), isHidden: value !== undefined && isSecret(name) };
    if (value === undefined) {
      const otherwise = defaultOf(row);
      return { ...about, value: otherwise, origin: otherwise === null ? 'not set' : 'default' };
    }
    return { ...about, value: about.isHidden ? null : value, origin: optionFor(name) ?? originOf(given) };
  });
}

/** Those that someone set, one by one; then the defaults; then the names of the rest. */
export function describeSettingsInForce(settings: readonly SettingInForce[]): string {
  const isOf = (...origins: readonly string[]) => settings.filter(({ origin }) => origins.includes(origin));
  const [defaults, unset] = [isOf('default'), isOf('not set')];
  const given = settings.filter((one) => !(defaults.includes(one) || unset.includes(one)));
  const describe = ({ name, value, origin, is, isHidden }: SettingInForce): string =>
    `  ${name} = ${isHidden ? '(hidden)' : value}  (${origin})\n      ${is}\n`;
  const parts = [
    given.length === 0 ? 'No setting is set.\n' : `Settings in force:\n${given.map(describe).join('')}`,
    `Defaults:\n${defaults.map(({ name, value, is }) => `  ${name} = ${value}: ${is}\n`).join('')}`,
    unset.length === 0 ? '' : `Not set:\n${wrap(unset.map(({ name }) => name).join(', '), WIDTH, '  ')}\n`,
  ];
  return `${parts.filter(Boolean).join('\n')}\n`;
}
