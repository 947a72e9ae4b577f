import { describe, expect, test } from 'vitest';
import { bucket, deploy, describeRules, destroy, make, play, template, topic } from './rules.ts';
import type { TemplateResource } from './template.ts';

const ALARMS = topic({ TopicName: 'alarms' });
const exporting = (Value: unknown, name = 'topic') => ({ Topic: { Value, Export: { Name: name } } });
const EXPORTED = template({ ALARMS }, exporting({ Ref: 'ALARMS' }));
const IMPORTING = template({
  Told: topic({ TopicName: { 'Fn::Join': ['-', [{ 'Fn::ImportValue': 'topic' }, 'told']] } }),
});
const READING = template({
  Told: topic({ TopicName: { 'Fn::GetStackOutput': { StackName: 'one', OutputName: 'Topic' } } }),
});

describeRules('a reference between stacks', [
  {
    says: 'finds an export',
    breaks: [deploy(IMPORTING, {}, 'two')],
    words: /No export named topic found/,
    keeps: [deploy(EXPORTED), deploy(IMPORTING, {}, 'two')],
  },
  {
    says: 'keeps the export',
    breaks: [deploy(EXPORTED), deploy(IMPORTING, {}, 'two'), destroy()],
    words: /Export topic cannot be deleted as it is in use by two/,
    keeps: [deploy(EXPORTED), deploy(IMPORTING, {}, 'two'), destroy('two'), destroy()],
  },
  {
    says: 'keeps the value of the export',
    breaks: [
      deploy(EXPORTED),
      deploy(IMPORTING, {}, 'two'),
      deploy(template({ ALARMS }, exporting('other'))),
    ],
    words: /Export topic cannot be changed as it is in use by two/,
    keeps: [deploy(EXPORTED), deploy(template({ ALARMS }, exporting('other')))],
  },
  {
    says: 'is to the one stack with an export of that name',
    breaks: [deploy(EXPORTED), deploy(template({ A: topic() }, exporting('a')), {}, 'two')],
    words: /Export topic is already exported/,
    keeps: [deploy(EXPORTED), deploy(template({ A: topic() }, exporting('a', 'other')), {}, 'two')],
  },
  {
    says: 'that is weak needs the output at the deployment, and holds nothing',
    breaks: [deploy(READING, {}, 'two')],
    words: /Output Topic of stack one does not exist/,
    keeps: [
      ...[deploy(template({ ALARMS }, exporting('x'))), deploy(READING, {}, 'two')],
      ...[deploy(template({ ALARMS })), destroy()],
    ],
  },
]);

const made = make('AWS::S3::Bucket', { BucketName: 'lake' });
const importing = (Lake: TemplateResource, name?: string) =>
  deploy(template({ Lake }), { importExisting: true }, name);
const log = (DeletionPolicy: string): TemplateResource => ({
  Type: 'AWS::Logs::LogGroup',
  DeletionPolicy,
  Properties: { LogGroupName: 'log' },
});

describeRules('an import', [
  {
    says: 'has to be asked for',
    breaks: [made, deploy(template({ Lake: bucket('Retain') }))],
    words: /it is not to be imported/,
    keeps: [made, importing(bucket('Retain'))],
  },
  {
    says: 'needs a static name',
    breaks: [made, importing(bucket('Retain', { 'Fn::Sub': 'lake' }))],
    words: /its name is not static/,
    keeps: [made, importing(bucket('Retain', 'lake'))],
  },
  {
    says: 'needs a deletion policy that retains',
    breaks: [made, importing(bucket('Delete'))],
    words: /its deletion policy is Delete/,
    keeps: [made, importing(bucket('RetainExceptOnCreate'))],
  },
  {
    says: 'needs a type that its name identifies',
    breaks: [
      make('AWS::SNS::Topic', { TopicName: 'alarms' }),
      importing(topic({ TopicName: 'alarms' }, 'Retain')),
    ],
    words: /AWS draws its primary identifier/,
    keeps: [make('AWS::Logs::LogGroup', { LogGroupName: 'log' }), importing(log('Retain'))],
  },
  {
    says: 'takes nothing from another stack',
    breaks: [deploy(template({ Lake: bucket('Retain') })), importing(bucket('Retain'), 'two')],
    words: /one has it/,
    keeps: [deploy(template({ Lake: bucket('Retain') })), destroy(), importing(bucket('Retain'), 'two')],
  },
]);

describe('what was imported', () => {
  test('is free again after a failure, with what is in it', () => {
    const failing = template({ Lake: bucket('RetainExceptOnCreate'), A: topic() });
    const { world } = play([made, deploy(failing, { failAt: 'A', importExisting: true })]);
    expect(world.statusOf('one')).toBe('ROLLBACK_COMPLETE');
    expect(world.orphans).toEqual(['AWS::S3::Bucket lake']);
  });

  test('is as it was, and not as the template says', () => {
    const { world } = play([
      make('AWS::S3::Bucket', { BucketName: 'lake', Tags: ['old'] }),
      importing(bucket('Retain')),
    ]);
    expect(world.drifted).toEqual(['one/Lake']);
    deploy(template({ Lake: bucket('Retain') }))(world);
    expect(world.drifted).toEqual(['one/Lake']);
    deploy(template({ Lake: bucket('Retain') }), { revertDrift: true })(world);
    expect(world.drifted).toEqual([]);
  });
});
