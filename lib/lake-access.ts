import { LAKE_KEY } from '../functions/storage/layout.ts';
import { toArn } from './arn.ts';
import { LAKE_BUCKET } from './names.ts';
import type { Permission } from './node-function.ts';

/** Where the account's lake is, as `LAKE_URI` says it: everything of it is under its name. */
export function lakeUriOf(account: string): string {
  return toArn(`s3://${LAKE_BUCKET}/${account}`);
}

/** What is done with the objects of an account whose keys begin so. */
export function onObjects(actions: readonly string[], account: string, prefix = ''): Permission {
  return {
    actions,
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/${prefix}*`],
    whyWildcard: "A part of the lake that is the account's own. Its keys are made of days and captures.",
  };
}

/** The record of whose lake it is, which everyone reads first: where it is not there yet, S3 says so to who may list it. */
export function onIdentity(account: string): Permission[] {
  return [
    { actions: ['s3:GetObject'], resources: [identityArn(account)] },
    {
      actions: ['s3:ListBucket'],
      resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}`],
      conditions: { StringLike: { 's3:prefix': `${account}/${LAKE_KEY}` } },
    },
  ];
}

export function identityArn(account: string): string {
  return `arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/${LAKE_KEY}`;
}

/** The records of captures alone, and none of the chats beside them. */
export function onManifests(account: string): Permission {
  return {
    actions: ['s3:GetObject'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/raw/chats/*/manifest.json`],
    whyWildcard: 'What a capture counted, which is no customer’s. Its keys are made of days and captures.',
  };
}

/**
 * Whoever may list is told by S3 that an object is not there, where anybody else is only told that they may not read it:
 * S3 asks for the permission as if the key were the prefix.
 */
export function listing(account: string, prefix = ''): Permission {
  return {
    actions: ['s3:ListBucket'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}`],
    conditions: { StringLike: { 's3:prefix': `${account}/${prefix}*` } },
  };
}
