/** A template of CloudFormation, as far as the model reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Values;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

export type Values = Readonly<Record<string, unknown>>;

/** What an intrinsic function asks. Each answer throws a `Refusal` where there is none. */
export interface Sources {
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
  readonly output: (stack: string, name: string) => unknown;
  readonly imported: (name: string) => unknown;
}

/** CloudFormation refuses, in words. */
export class Refusal extends Error {}

/** Properties with the results of their intrinsic functions. Those that are `AWS::NoValue` are left out. */
export function resolveProperties(properties: Values | undefined, sources: Sources): Values {
  return toValues(resolve(properties ?? {}, sources));
}

/** A value with the results of its intrinsic functions; undefined for `AWS::NoValue`. */
export function resolve(value: unknown, sources: Sources): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, sources)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const call = toCall(value);
  if (call !== null) return callFunction(call, sources);
  const entries = Object.entries(value).map(([name, part]) => [name, resolve(part, sources)] as const);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** The logical ids and other names that a value refers to. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  const call = toCall(value);
  if (call === null) return Object.values(value).flatMap(referencesIn);
  const [name, argument] = call;
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt') return [toAttribute(argument)[0]];
  if (name !== 'Fn::Sub') return referencesIn(argument);
  const [text, names] = toSubstitution(argument);
  const inText = [...text.matchAll(PLACE)].map(([, place = '']) => place.split('.')[0] ?? '');
  return [...inText.filter((place) => !(place in names)), ...referencesIn(Object.values(names))];
}

type Call = readonly [name: string, argument: unknown];

/** A place in the text of `Fn::Sub`. `${!…}` is none. */
const PLACE = /\$\{([^!}]+)\}/g;

function toCall(value: object): Call | null {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return null;
  return entry[0] === 'Ref' || entry[0].startsWith('Fn::') ? entry : null;
}

const FUNCTIONS: Readonly<Record<string, (argument: unknown, sources: Sources) => unknown>> = {
  Ref: (name, sources) => sources.ref(String(name)),
  'Fn::GetAtt': (argument, sources) => sources.attribute(...toAttribute(argument)),
  'Fn::Join': (argument, sources) => {
    const [separator, parts] = argument as [string, unknown];
    return (resolve(parts, sources) as unknown[]).join(separator);
  },
  'Fn::Select': (argument, sources) => {
    const [place, list] = argument as [number, unknown];
    return (resolve(list, sources) as unknown[])[Number(place)];
  },
  'Fn::Split': (argument, sources) => {
    const [separator, text] = argument as [string, unknown];
    return String(resolve(text, sources)).split(separator);
  },
  'Fn::Sub': (argument, sources) => {
    const [text, names] = toSubstitution(argument);
    return text.replaceAll(PLACE, (_all, place: string) => {
      if (place in names) return String(resolve(names[place], sources));
      const [logicalId = '', ...attribute] = place.split('.');
      const found =
        attribute.length === 0 ? sources.ref(place) : sources.attribute(logicalId, attribute.join('.'));
      return String(found);
    });
  },
  'Fn::GetStackOutput': (argument, sources) => {
    const { StackName, OutputName } = argument as { StackName: unknown; OutputName: unknown };
    return sources.output(String(resolve(StackName, sources)), String(OutputName));
  },
  'Fn::ImportValue': (name, sources) => sources.imported(String(resolve(name, sources))),
};

function callFunction([name, argument]: Call, sources: Sources): unknown {
  const call = FUNCTIONS[name];
  if (call === undefined) throw new Error(`The model does not know ${name}.`);
  return call(argument, sources);
}

function toAttribute(argument: unknown): [logicalId: string, name: string] {
  if (Array.isArray(argument)) return [String(argument[0]), String(argument[1])];
  const [logicalId = '', ...name] = String(argument).split('.');
  return [logicalId, name.join('.')];
}

function toSubstitution(argument: unknown): [text: string, names: Values] {
  return Array.isArray(argument) ? [String(argument[0]), toValues(argument[1])] : [String(argument), {}];
}

function toValues(value: unknown): Values {
  return value as Values;
}
