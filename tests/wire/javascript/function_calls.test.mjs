// The calls that the function makes, made by the AWS SDK for JavaScript v3: what it reads, and how it names the errors.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { CloudFormationClient, CreateStackCommand, DeleteStackCommand, DescribeStackResourcesCommand, DescribeStacksCommand,
  waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { BatchGetItemCommand, CreateTableCommand, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand,
  TransactWriteItemsCommand, UpdateItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, GetFunctionCommand, InvokeCommand, LambdaClient,
  waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateBucketCommand,
  CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, ListPartsCommand,
  PutBucketVersioningCommand, PutObjectCommand, S3Client, UploadPartCommand, UploadPartCopyCommand } from "@aws-sdk/client-s3";
import { CreateEmailIdentityCommand, SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { CreateTopicCommand, PublishBatchCommand, SetSubscriptionAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand,
  GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SetQueueAttributesCommand,
  SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

// Endpoint, keys and region are the environment's, as `ads env` exports them.
const options = { maxAttempts: 1 };
const name = "js" + randomBytes(6).toString("hex");
const account = process.env.ADS_ACCOUNT ?? "000000000000";

// The error's name, and what else of it a program looks at.
const fails = (call, expected, status) => assert.rejects(call, (error) => {
  assert.equal(error.name, expected, `${error.name}: ${error.message}`);
  if (status) assert.equal(error.$metadata.httpStatusCode, status);
  return true;
});

describe("S3", () => {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const send = (Command, input) => s3.send(new Command({ Bucket: name, ...input }));
  const text = async (reply) => reply.Body.transformToString();

  before(async () => {
    await send(CreateBucketCommand, { CreateBucketConfiguration: { LocationConstraint: process.env.AWS_REGION } });
    await send(PutBucketVersioningCommand, { VersioningConfiguration: { Status: "Enabled" } });
  });

  test("put, head and a ranged get pinned to its version", async () => {
    const put = await send(PutObjectCommand, { Key: "a key+ü", Body: "0123456789", Metadata: { run: "r1" }, ContentType: "text/csv" });
    const head = await send(HeadObjectCommand, { Key: "a key+ü" });
    assert.equal(head.ContentLength, 10);
    assert.equal(head.ETag, put.ETag);
    assert.equal(head.VersionId, put.VersionId);
    assert.deepEqual(head.Metadata, { run: "r1" });
    assert.ok(Math.abs(head.LastModified - Date.now()) < 60_000);
    const part = await send(GetObjectCommand, { Key: "a key+ü", Range: "bytes=3-5", VersionId: put.VersionId, IfMatch: put.ETag });
    assert.equal(await text(part), "345");
    assert.equal(part.ContentRange, "bytes 3-5/10");
    assert.equal(part.$metadata.httpStatusCode, 206);
    assert.equal(await text(await send(GetObjectCommand, { Key: "a key+ü", Range: "bytes=-4" })), "6789");
    await fails(send(GetObjectCommand, { Key: "a key+ü", Range: "bytes=10-" }), "InvalidRange", 416);
    await fails(send(GetObjectCommand, { Key: "a key+ü", IfMatch: '"other"' }), "PreconditionFailed", 412);
    await fails(send(GetObjectCommand, { Key: "none" }), "NoSuchKey", 404);
    await fails(send(HeadObjectCommand, { Key: "none" }), "NotFound", 404);
  });

  test("a stream with a trailing checksum arrives whole", async () => {
    const body = randomBytes(3_000_000);
    await send(PutObjectCommand, { Key: "stream", Body: body, ChecksumAlgorithm: "CRC32C" });
    const got = await send(GetObjectCommand, { Key: "stream", ChecksumMode: "ENABLED" });
    assert.ok(got.ChecksumCRC32C);
    assert.ok(Buffer.from(await got.Body.transformToByteArray()).equals(body));
  });

  test("a wrong checksum stores nothing", async () => {
    await fails(send(PutObjectCommand, { Key: "wrong", Body: "abc", ChecksumCRC32: "AAAAAA==" }), "BadDigest", 400);
    await fails(send(HeadObjectCommand, { Key: "wrong" }), "NotFound", 404);
  });

  test("a rename that overwrites nothing: conditional copy, then conditional delete", async () => {
    const { ETag } = await send(PutObjectCommand, { Key: "source", Body: "content" });
    await fails(send(CopyObjectCommand, { Key: "target", CopySource: `${name}/source`, CopySourceIfMatch: '"other"' }), "PreconditionFailed", 412);
    const copy = await send(CopyObjectCommand, { Key: "target", CopySource: `${name}/source`, CopySourceIfMatch: ETag, IfNoneMatch: "*" });
    assert.equal(copy.CopyObjectResult.ETag, ETag);
    await fails(send(CopyObjectCommand, { Key: "target", CopySource: `${name}/source`, IfNoneMatch: "*" }), "PreconditionFailed", 412);
    await fails(send(DeleteObjectCommand, { Key: "source", IfMatch: '"other"' }), "PreconditionFailed", 412);
    await send(DeleteObjectCommand, { Key: "source", IfMatch: ETag });
    await fails(send(HeadObjectCommand, { Key: "source" }), "NotFound", 404);
    assert.equal(await text(await send(GetObjectCommand, { Key: "target" })), "content");
    await fails(send(PutObjectCommand, { Key: "target", Body: "x", IfNoneMatch: "*" }), "PreconditionFailed", 412);
  });

  test("multipart, with a part that is copied", async () => {
    const large = randomBytes(5 << 20);
    const source = await send(PutObjectCommand, { Key: "large", Body: large });
    const { UploadId } = await send(CreateMultipartUploadCommand, { Key: "joined" });
    const first = await send(UploadPartCopyCommand, { Key: "joined", UploadId, PartNumber: 1, CopySource: `${name}/large`, CopySourceIfMatch: source.ETag });
    const second = await send(UploadPartCommand, { Key: "joined", UploadId, PartNumber: 2, Body: "the end" });
    assert.deepEqual((await send(ListPartsCommand, { Key: "joined", UploadId })).Parts.map((p) => p.Size), [5 << 20, 7]);
    await fails(send(CompleteMultipartUploadCommand, { Key: "joined", UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"0"' }] } }), "InvalidPart", 400);
    const parts = [{ PartNumber: 1, ETag: first.CopyPartResult.ETag }, { PartNumber: 2, ETag: second.ETag }];
    const done = await send(CompleteMultipartUploadCommand, { Key: "joined", UploadId, MultipartUpload: { Parts: parts } });
    assert.match(done.ETag, /-2"$/);
    const body = Buffer.from(await (await send(GetObjectCommand, { Key: "joined" })).Body.transformToByteArray());
    assert.ok(body.equals(Buffer.concat([large, Buffer.from("the end")])));
    await fails(send(AbortMultipartUploadCommand, { Key: "joined", UploadId: "none" }), "NoSuchUpload", 404);
  });

  test("listing by prefix and page", async () => {
    for (const i of [1, 2, 3]) await send(PutObjectCommand, { Key: `list/${i}`, Body: "" });
    const first = await send(ListObjectsV2Command, { Prefix: "list/", MaxKeys: 2 });
    assert.deepEqual([first.Contents.map((o) => o.Key), first.IsTruncated], [["list/1", "list/2"], true]);
    const rest = await send(ListObjectsV2Command, { Prefix: "list/", ContinuationToken: first.NextContinuationToken });
    assert.deepEqual(rest.Contents.map((o) => o.Key), ["list/3"]);
    await fails(s3.send(new ListObjectsV2Command({ Bucket: name + "none" })), "NoSuchBucket", 404);
  });

  after(() => s3.destroy());
});

describe("DynamoDB", () => {
  const dynamodb = new DynamoDBClient(options);
  const send = (Command, input) => dynamodb.send(new Command({ TableName: name, ...input }));
  const key = (pk, sk = "-") => ({ pk: { S: pk }, sk: { S: sk } });

  before(async () => {
    await send(CreateTableCommand, {
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }, { AttributeName: "sk", KeyType: "RANGE" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }, { AttributeName: "sk", AttributeType: "S" }],
    });
    await waitUntilTableExists({ client: dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName: name });
  });

  test("a lookup of many users with a projection on a reserved word", async () => {
    for (const i of [1, 2, 3]) await send(PutItemCommand, { Item: { ...key(`u${i}`), status: { S: "Active" }, age: { N: String(i) } } });
    const reply = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [name]: {
      Keys: ["u1", "u2", "u3", "nobody"].map((k) => key(k)), ProjectionExpression: "pk, #s", ExpressionAttributeNames: { "#s": "status" },
      ConsistentRead: true } } }));
    assert.deepEqual(reply.UnprocessedKeys, {});
    assert.deepEqual(reply.Responses[name].map((i) => i.pk.S).sort(), ["u1", "u2", "u3"]);
    assert.deepEqual(reply.Responses[name].map((i) => [i.status.S, i.age]), Array(3).fill(["Active", undefined]));
    await fails(dynamodb.send(new BatchGetItemCommand({ RequestItems: { [name]: { Keys: [key("u1"), key("u1")] } } })), "ValidationException", 400);
  });

  test("a put that must be the first", async () => {
    const input = { Item: { ...key("RUN#1"), status: { S: "PLANNED" } }, ConditionExpression: "attribute_not_exists(pk)" };
    await send(PutItemCommand, input);
    await assert.rejects(send(PutItemCommand, { ...input, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }), (error) => {
      assert.equal(error.name, "ConditionalCheckFailedException");
      assert.equal(error.Item.status.S, "PLANNED");
      return true;
    });
  });

  test("a checkpoint: offset and counters only where fence and old offset match", async () => {
    await send(PutItemCommand, { Item: { ...key("S", "0"), offset: { N: "0" }, fence: { N: "7" }, counters: { M: { ok: { N: "0" } } } } });
    const input = {
      Key: key("S", "0"), UpdateExpression: "SET #o = :new, counters.ok = counters.ok + :n ADD chunks :one REMOVE nothing",
      ConditionExpression: "fence = :fence AND #o = :old", ExpressionAttributeNames: { "#o": "offset" }, ReturnValues: "ALL_NEW",
      ExpressionAttributeValues: { ":new": { N: "100" }, ":n": { N: "42" }, ":one": { N: "1" }, ":fence": { N: "7" }, ":old": { N: "0" } },
    };
    const { Attributes } = await send(UpdateItemCommand, input);
    assert.deepEqual([Attributes.offset.N, Attributes.counters.M.ok.N, Attributes.chunks.N], ["100", "42", "1"]);
    await fails(send(UpdateItemCommand, input), "ConditionalCheckFailedException", 400);
  });

  test("a transaction, and why it is cancelled", async () => {
    const write = (fence) => dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [
      { Update: { TableName: name, Key: key("T", "shard"), UpdateExpression: "SET done = :t", ConditionExpression: "attribute_not_exists(done)", ExpressionAttributeValues: { ":t": { BOOL: true } } } },
      { Update: { TableName: name, Key: key("T", "run"), UpdateExpression: "ADD shardsDone :one", ExpressionAttributeValues: { ":one": { N: "1" } } } },
      ...(fence ? [{ ConditionCheck: { TableName: name, Key: key("T", "fence"), ConditionExpression: "attribute_exists(pk)" } }] : []),
    ] }));
    await assert.rejects(write(true), (error) => {
      assert.equal(error.name, "TransactionCanceledException");
      assert.deepEqual(error.CancellationReasons.map((r) => r.Code), ["None", "None", "ConditionalCheckFailed"]);
      return true;
    });
    await write(false);
    await fails(write(false), "TransactionCanceledException", 400);
    const { Item } = await send(GetItemCommand, { Key: key("T", "run"), ConsistentRead: true });
    assert.equal(Item.shardsDone.N, "1");
  });

  test("a query over a run's shards", async () => {
    for (let i = 0; i < 5; ++i) await send(PutItemCommand, { Item: key("Q", `S#${i}`) });
    const input = { KeyConditionExpression: "pk = :p AND begins_with(sk, :s)", ExpressionAttributeValues: { ":p": { S: "Q" }, ":s": { S: "S#" } }, Limit: 3 };
    const first = await send(QueryCommand, input);
    const rest = await send(QueryCommand, { ...input, ExclusiveStartKey: first.LastEvaluatedKey });
    assert.deepEqual([...first.Items, ...rest.Items].map((i) => i.sk.S), ["S#0", "S#1", "S#2", "S#3", "S#4"]);
  });

  test("deletes and refusals", async () => {
    await send(DeleteItemCommand, { Key: key("none") });
    await fails(send(GetItemCommand, { Key: { pk: { S: "x" } } }), "ValidationException", 400);
    await fails(dynamodb.send(new GetItemCommand({ TableName: name + "none", Key: key("x") })), "ResourceNotFoundException", 400);
  });

  after(() => dynamodb.destroy());
});

describe("SQS and SNS", () => {
  const sqs = new SQSClient(options), sns = new SNSClient(options);
  let fifo, plain, topic;

  before(async () => {
    fifo = (await sqs.send(new CreateQueueCommand({ QueueName: name + ".fifo", Attributes: { FifoQueue: "true" } }))).QueueUrl;
    plain = (await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl;
    topic = (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn;
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: plain, AttributeNames: ["QueueArn"] }));
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage",
      Resource: Attributes.QueueArn, Condition: { ArnEquals: { "aws:SourceArn": topic } } }] };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: plain, Attributes: { Policy: JSON.stringify(policy) } }));
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: Attributes.QueueArn, ReturnSubscriptionArn: true }));
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: "true" }));
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: JSON.stringify({ Status: [{ numeric: [">=", 400] }] }) }));
  });

  test("a batch into a FIFO queue, received in its group's order, deduplicated, deleted", async () => {
    const entry = (i) => ({ Id: `e${i}`, MessageBody: `m${i}`, MessageGroupId: "u1", MessageDeduplicationId: `d${i}`,
      MessageAttributes: { Status: { DataType: "Number", StringValue: "503" } } });
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: fifo, Entries: [0, 1, 2].map(entry) }));
    assert.deepEqual(sent.Successful.map((s) => s.Id), ["e0", "e1", "e2"]);
    assert.ok(sent.Successful.every((s) => s.SequenceNumber && s.MD5OfMessageAttributes));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: fifo, Entries: [entry(1)] }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: fifo, MaxNumberOfMessages: 10, WaitTimeSeconds: 2,
      MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] }));
    assert.deepEqual(Messages.map((m) => m.Body), ["m0", "m1", "m2"]);
    assert.equal(Messages[0].Attributes.MessageGroupId, "u1");
    assert.equal(Messages[0].MessageAttributes.Status.StringValue, "503");
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: fifo, ReceiptHandle: Messages[2].ReceiptHandle, VisibilityTimeout: 0 }));
    const gone = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: fifo, Entries: Messages.slice(0, 2).map((m, i) => ({ Id: `${i}`, ReceiptHandle: m.ReceiptHandle })) }));
    assert.equal(gone.Successful.length, 2);
    const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl: fifo, WaitTimeSeconds: 2, AttributeNames: ["ApproximateReceiveCount"] }));
    assert.deepEqual([again.Messages[0].Body, again.Messages[0].Attributes.ApproximateReceiveCount], ["m2", "2"]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: fifo, ReceiptHandle: again.Messages[0].ReceiptHandle }));
  });

  test("the queue's refusals have their old names", async () => {
    await fails(sqs.send(new GetQueueUrlCommand({ QueueName: name + "none" })), "QueueDoesNotExist", 400);
    await fails(sqs.send(new SendMessageBatchCommand({ QueueUrl: plain, Entries: [] })), "EmptyBatchRequest", 400);
    await fails(sqs.send(new SendMessageBatchCommand({ QueueUrl: plain, Entries: Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: "x" })) })), "TooManyEntriesInBatchRequest", 400);
    await fails(sqs.send(new SendMessageBatchCommand({ QueueUrl: plain, Entries: [0, 1].map(() => ({ Id: "a", MessageBody: "x" })) })), "BatchEntryIdsNotDistinct", 400);
    await fails(sqs.send(new DeleteMessageCommand({ QueueUrl: plain, ReceiptHandle: "nonsense" })), "ReceiptHandleIsInvalid");
    const partly = await sqs.send(new SendMessageBatchCommand({ QueueUrl: plain, Entries: [{ Id: "good", MessageBody: "x" }, { Id: "bad", MessageBody: "\u0001" }] }));
    assert.deepEqual([partly.Successful.map((s) => s.Id), partly.Failed.map((f) => [f.Id, f.SenderFault])], [["good"], [["bad", true]]]);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: plain, WaitTimeSeconds: 1 }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: plain, ReceiptHandle: Messages[0].ReceiptHandle }));
  });

  test("a batch of notifications reaches the subscriber that filters", async () => {
    const entry = (id, status) => ({ Id: id, Message: JSON.stringify({ serviceUUID: id }), MessageAttributes: {
      Status: { DataType: "Number", StringValue: String(status) }, RecordId: { DataType: "String", StringValue: id } } });
    const reply = await sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [entry("a", 200), entry("b", 404), entry("c", 403)] }));
    assert.deepEqual(reply.Successful.map((s) => s.Id), ["a", "b", "c"]);
    assert.deepEqual(reply.Failed ?? [], []);
    const seen = [];
    while (seen.length < 2) {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: plain, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] }));
      assert.ok(Messages, "nothing came");
      for (const m of Messages) {
        seen.push([JSON.parse(m.Body).serviceUUID, m.MessageAttributes.Status.StringValue, m.MessageAttributes.RecordId.StringValue]);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: plain, ReceiptHandle: m.ReceiptHandle }));
      }
    }
    assert.deepEqual(seen.sort(), [["b", "404", "b"], ["c", "403", "c"]]);
  });

  test("the topic's refusals", async () => {
    const entry = { Id: "a", Message: "x" };
    await fails(sns.send(new PublishBatchCommand({ TopicArn: topic + "none", PublishBatchRequestEntries: [entry] })), "NotFoundException", 404);
    await fails(sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [entry, entry] })), "BatchEntryIdsNotDistinctException", 400);
    await fails(sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [] })), "EmptyBatchRequestException", 400);
  });

  after(() => { sqs.destroy(); sns.destroy(); });
});

test("SESv2: a report is mailed, and an unverified sender refused", async () => {
  const ses = new SESv2Client(options);
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: `${name}@example.org` }));
  const mail = (from) => ({ FromEmailAddress: from, Destination: { ToAddresses: ["operator@example.org"] }, Content: { Simple: {
    Subject: { Data: "Report" }, Body: { Html: { Data: "<p>done</p>" }, Text: { Data: "done" } } } } });
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: "operator@example.org" })).catch((error) => assert.equal(error.name, "AlreadyExistsException"));
  assert.ok((await ses.send(new SendEmailCommand(mail(`${name}@example.org`)))).MessageId);
  const page = await fetch(`${process.env.AWS_ENDPOINT_URL}/_aws/ses?email=${name}@example.org`, { headers: { "X-Ads-Token": process.env.ADS_TOKEN } });
  assert.equal((await page.json()).messages.at(-1).Subject, "Report");
  await fails(ses.send(new SendEmailCommand(mail("nobody@nowhere.example"))), "MessageRejected", 400);
});

describe("Lambda, IAM, STS and CloudFormation", () => {
  const lambda = new LambdaClient(options), iam = new IAMClient(options), sts = new STSClient(options);
  const cloudformation = new CloudFormationClient(options);
  let role;

  before(async () => {
    const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com", AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }] };
    role = (await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }))).Role.Arn;
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["logs:*", "sts:*"], Resource: "*" }] };
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument: JSON.stringify(policy) }));
  });

  test("who am I, and who am I as that role", async () => {
    assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, account);
    const { Credentials: c } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "js" }));
    const credentials = { accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken };
    assert.ok(c.Expiration > new Date());
    const as_role = new STSClient({ ...options, credentials });
    assert.equal((await as_role.send(new GetCallerIdentityCommand({}))).Arn, `arn:aws:sts::${account}:assumed-role/${name}/js`);
    const spoilt = new STSClient({ ...options, credentials: { ...credentials, sessionToken: "other" } });
    await fails(spoilt.send(new GetCallerIdentityCommand({})), "InvalidClientTokenId", 403);
    const forged = new STSClient({ ...options, credentials: { ...credentials, secretAccessKey: "other" } });
    await fails(forged.send(new GetCallerIdentityCommand({})), "SignatureDoesNotMatch", 403);
  });

  test("an invocation, its payload, its log and its error", { skip: !process.env.ADS_ECHO_ZIP && "no function package given" }, async () => {
    const { readFile } = await import("node:fs/promises");
    await lambda.send(new CreateFunctionCommand({ FunctionName: name, Role: role, Runtime: "provided.al2023", Handler: "echo", Timeout: 10,
      Code: { ZipFile: await readFile(process.env.ADS_ECHO_ZIP) } }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: name });
    assert.equal((await lambda.send(new GetFunctionCommand({ FunctionName: name }))).Configuration.Role, role);
    const echo = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ say: "ü" }), LogType: "Tail" }));
    assert.deepEqual([echo.StatusCode, echo.FunctionError], [200, undefined]);
    assert.deepEqual(JSON.parse(echo.Payload.transformToString()), { say: "ü" });
    assert.match(Buffer.from(echo.LogResult, "base64").toString(), /START RequestId: .*REPORT RequestId: /s);
    const failed = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ fail: "on purpose" }) }));
    assert.equal(failed.FunctionError, "Unhandled");
    assert.equal(JSON.parse(failed.Payload.transformToString()).errorMessage, "on purpose");
    assert.equal((await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: "Event", Payload: "{}" }))).StatusCode, 202);
    await fails(lambda.send(new InvokeCommand({ FunctionName: name, Payload: "not json" })), "InvalidRequestContentException", 400);
  });

  test("a function that is not there", async () => {
    await fails(lambda.send(new InvokeCommand({ FunctionName: name + "none", Payload: "{}" })), "ResourceNotFoundException", 404);
  });

  test("a stack's outputs", async () => {
    const template = { Resources: { Q: { Type: "AWS::SQS::Queue" } }, Outputs: { Url: { Value: { Ref: "Q" } }, Arn: { Value: { "Fn::GetAtt": ["Q", "Arn"] } } } };
    await cloudformation.send(new CreateStackCommand({ StackName: name, TemplateBody: JSON.stringify(template) }));
    await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 20, minDelay: 1 }, { StackName: name });
    const [stack] = (await cloudformation.send(new DescribeStacksCommand({ StackName: name }))).Stacks;
    const outputs = Object.fromEntries(stack.Outputs.map((o) => [o.OutputKey, o.OutputValue]));
    assert.match(outputs.Url, new RegExp(`^http://127.0.0.1:\\d+/${account}/`));
    assert.match(outputs.Arn, new RegExp(`^arn:aws:sqs:${process.env.AWS_REGION}:${account}:`));
    const { StackResources } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName: name }));
    assert.deepEqual(StackResources.map((r) => [r.LogicalResourceId, r.ResourceType]), [["Q", "AWS::SQS::Queue"]]);
    await cloudformation.send(new DeleteStackCommand({ StackName: name }));
    await fails(cloudformation.send(new DescribeStacksCommand({ StackName: name + "none" })), "ValidationError", 400);
  });

  after(() => [lambda, iam, sts, cloudformation].forEach((client) => client.destroy()));
});
