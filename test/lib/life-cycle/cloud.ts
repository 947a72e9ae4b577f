import { type Burden, kindOf, nameOf, wholeOf } from './kinds.ts';
import { Refusal, type Template, type TemplateResource, type Values } from './template.ts';

/** A resource that exists, whether a stack has it or not. */
export interface Physical {
  readonly type: string;
  readonly name: string;
  /** How it is set, which is not what a template says where it was imported. */
  properties: Values;
  /** The stack that has it; null for none. */
  stack: string | null;
  readonly burdens: Set<Burden>;
  /** Of a published version: its number, and the code and configuration that it holds for ever. */
  readonly published: { readonly number: number; readonly content: string } | null;
}

/** A resource of a stack, as the stack's last template has it. */
export interface Member {
  readonly physical: Physical;
  readonly resource: TemplateResource;
  readonly properties: Values;
}

export interface Stack {
  readonly name: string;
  readonly id: string;
  status: string;
  /** Null until a deployment succeeds. */
  template: Template | null;
  isProtected: boolean;
  /** By logical id, each after those that it refers to. */
  members: ReadonlyMap<string, Member>;
  outputs: ReadonlyMap<string, unknown>;
  exports: ReadonlyMap<string, unknown>;
  imports: ReadonlySet<string>;
  /** The outputs of other stacks as they were at the last deployment, by `stack.output`. */
  reads: ReadonlyMap<string, unknown>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** The properties of a function that its versions do not hold: PublishVersion does not look at them. */
const NOT_OF_VERSIONS = ['ReservedConcurrentExecutions', 'RecursiveLoop', 'RuntimeManagementConfig', 'Tags'];

/** What there is in one AWS account and Region: resources, whether a stack has them or not, and stacks. */
export class Cloud {
  protected readonly stacks = new Map<string, Stack>();
  protected readonly resources = new Map<string, Physical>();
  protected readonly elsewhere = new Set<string>();
  protected drawn = 0;
  /** What CloudFormation could not delete after an update, and left behind without failing. */
  readonly left: string[] = [];
  /** The secrets whose values an update wrote over. */
  readonly overwritten: string[] = [];

  /**
   * Takes a resource from its stack: it is kept or deleted, as its policy says
   * (docs: "DeletionPolicy attribute", "UpdateReplacePolicy attribute").
   *
   * @returns why it could not be deleted; null where all went well
   */
  discard({ physical }: Pick<Member, 'physical'>, policy = 'Delete'): string | null {
    if (policy === 'Retain' || policy === 'RetainExceptOnCreate') {
      physical.stack = null;
      return null;
    }
    try {
      this.remove(physical);
      return null;
    } catch (error: unknown) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }

  /** Makes a resource. @throws Refusal where AWS refuses it */
  make(type: string, properties: Values, stack: string | null = null, logicalId = 'by-hand'): Physical {
    const whole = wholeOf(type, properties);
    if (whole !== null && this.find(whole.type, whole.name) === null) {
      throw new Refusal(`${whole.type} ${whole.name} does not exist.`);
    }
    this.drawn += 1;
    const fixed = nameOf(type, properties);
    const published = type === 'AWS::Lambda::Version' && whole !== null ? this.publish(whole.name) : null;
    const name =
      fixed ?? (published && `${whole?.name}:${published.number}`) ?? `${stack}-${logicalId}-${this.drawn}`;
    const key = `${type} ${name}`;
    // docs: "Name type": no two resources of a type have one name; a bucket's is unique among all AWS accounts.
    if (this.resources.has(key) || this.elsewhere.has(key)) throw new Refusal(`${key} already exists.`);
    const physical: Physical = { type, name, properties, stack, published, burdens: new Set() };
    this.resources.set(key, physical);
    return physical;
  }

  /**
   * API_PublishVersion: "Lambda doesn't publish a version if the function's configuration and code haven't changed since the
   * last version." It answers with that one, and CloudFormation takes it for one that exists.
   */
  private publish(name: string): Physical['published'] {
    const content = this.contentOf(name);
    const last = this.versionsOf(name).at(-1)?.published;
    if (last?.content === content) {
      throw new Refusal(
        `A version for this Lambda function exists ( ${last.number} ). Modify the function to create a new version.`,
      );
    }
    // Numbers are not given twice.
    return { number: this.drawn, content };
  }

  private versionsOf(name: string): Physical[] {
    return this.all('AWS::Lambda::Version').filter(
      ({ type, properties }) => wholeOf(type, properties)?.name === name,
    );
  }

  protected contentOf(name: string): string {
    const { properties } = this.get('AWS::Lambda::Function', name);
    return JSON.stringify(
      Object.entries(properties)
        .filter(([property]) => !NOT_OF_VERSIONS.includes(property))
        .sort(),
    );
  }

  /** Deletes a resource with its parts. @throws Refusal where AWS refuses it */
  remove(physical: Physical): void {
    const parts = [...this.resources.values()].filter(({ type, properties }) => {
      const whole = wholeOf(type, properties);
      return whole?.type === physical.type && whole.name === physical.name;
    });
    for (const one of [physical, ...parts]) {
      const [why] = [...one.burdens].flatMap((burden) => kindOf(one.type).keptBy?.[burden] ?? []);
      // API_DeleteWorkGroup: RecursiveDeleteOption.
      if (why === undefined || one.properties.RecursiveDeleteOption === true) continue;
      throw new Refusal(`${one.type} ${one.name} ${why}.`);
    }
    for (const part of parts) this.remove(part);
    this.resources.delete(`${physical.type} ${physical.name}`);
  }

  find(type: string, name: string): Physical | null {
    return this.resources.get(`${type} ${name}`) ?? null;
  }

  /** What people and programs do by hand: a bucket gets objects, a policy is attached, an execution runs. */
  burden(type: string, name: string, burden: Burden): void {
    this.get(type, name).burdens.add(burden);
  }

  unburden(type: string, name: string, burden: Burden): void {
    this.get(type, name).burdens.delete(burden);
  }

  /** Another AWS account has a bucket of this name. */
  ownElsewhere(type: string, name: string): void {
    if (kindOf(type).isGlobal) this.elsewhere.add(`${type} ${name}`);
  }

  /** @throws Error where there is none */
  get(type: string, name: string): Physical {
    const physical = this.find(type, name);
    if (physical === null) throw new Error(`There is no ${type} ${name}.`);
    return physical;
  }

  all(type: string): Physical[] {
    return [...this.resources.values()].filter((one) => one.type === type);
  }

  /** Null where there is no such stack. */
  stack(name: string): Stack | null {
    return this.stacks.get(name) ?? null;
  }

  /** Which of a stack's exports other stacks import: the export, and the stack. */
  usersOf({ name }: Stack, exported: readonly string[]): (readonly [of: string, by: string])[] {
    const others = [...this.stacks.values()].filter((other) => other.name !== name);
    return exported.flatMap((of) =>
      others.filter(({ imports }) => imports.has(of)).map((by) => [of, by.name] as const),
    );
  }

  /** The stack that exports a name; null where there is none. */
  exporterOf(name: string): Stack | null {
    return [...this.stacks.values()].find(({ exports }) => exports.has(name)) ?? null;
  }
}
