import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { toArn } from './arn.ts';
import { RESULTS_BUCKET } from './names.ts';

/**
 * What Athena answered, each account's under its name, for a week. It is no part of the lake: whoever asks has to write
 * here, and nobody but the workflow writes there; and no older version of an answer outlasts the person it names.
 */
export class AnalyticsResults extends Construct {
  constructor(scope: Construct, id: string, { accessLogs }: { readonly accessLogs: Bucket }) {
    super(scope, id);
    new Bucket(this, 'Bucket', {
      bucketName: toArn(RESULTS_BUCKET),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      // CloudFormation cannot delete it with something in it. Left behind, it is empty in a week.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // @ts-expect-error CDK's class says of isWebsite that it may be undefined, its interface that it may be missing.
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'results/',
      lifecycleRules: [
        { id: 'past', expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }
}
