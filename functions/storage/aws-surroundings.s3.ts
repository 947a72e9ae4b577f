import { newS3Client } from './bucket.s3.ts';

/** What is missing in the surroundings for any call to AWS, in words; none when all is there. */
export async function findMissingForAws(): Promise<string[]> {
  const { region, credentials } = newS3Client().config;
  const missing = async (get: () => Promise<unknown>, says: string): Promise<string[]> => {
    try {
      await get();
      return [];
    } catch {
      return [says];
    }
  };
  return [
    ...(await missing(region, 'no AWS Region is set; set AWS_REGION')),
    ...(await missing(credentials, 'no AWS credentials were found; set AWS_PROFILE or sign in')),
  ];
}
