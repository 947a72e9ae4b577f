import { isDeepStrictEqual } from 'node:util';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** AWS's own schemas of all resource types, as CDK has them. */
const specification = loadAwsServiceSpecSync();

type Definition = ReturnType<typeof definitionOf>;
type Properties = Definition['properties'];
type Property = Properties[string];

const known = new Map<string, ReturnType<typeof findDefinition>>();

function findDefinition(type: string) {
  return specification.lookup('resource', 'cloudFormationType', 'equals', type).only();
}

function definitionOf(type: string) {
  const definition = known.get(type) ?? findDefinition(type);
  known.set(type, definition);
  return definition;
}

/**
 * The properties that identify a resource of a type.
 *
 * @returns an empty list where AWS draws a part of it
 */
export function identifyingProperties(type: string): readonly string[] {
  const { primaryIdentifier = [], properties } = definitionOf(type);
  return primaryIdentifier.every((name) => name in properties) ? primaryIdentifier : [];
}

/**
 * The changed properties for which CloudFormation makes another resource, by their paths.
 *
 * @returns an empty list where the resource is changed as it stands
 */
export function replacingChanges(type: string, before: object, after: object): string[] {
  return changesWithin(definitionOf(type).properties, before, after, '');
}

function changesWithin(properties: Properties, before: object, after: object, path: string): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const changed = Object.entries(properties).filter(
    ([name]) => !isDeepStrictEqual(was.get(name), is.get(name)),
  );
  return changed.flatMap(([name, property]) => {
    if (property.causesReplacement === 'yes') return [path + name];
    const within = structureOf(property);
    if (within === null) return [];
    return changesWithin(within, toObject(was.get(name)), toObject(is.get(name)), `${path}${name}.`);
  });
}

/** The parts of a property that is a structure; null for others. A list has none: no part of one replaces its resource. */
function structureOf({ type }: Property): Properties | null {
  return type.type === 'ref' ? specification.get('typeDefinition', type.reference.$ref).properties : null;
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** The properties of a type for which CloudFormation makes another resource. What stands within one is left out. */
export function replacingProperties(type: string): string[] {
  return Object.entries(definitionOf(type).properties).flatMap(([name, { causesReplacement }]) =>
    causesReplacement === 'yes' ? [name] : [],
  );
}
