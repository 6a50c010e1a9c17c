"""DynamoDB through boto3 and the aws CLI: every operation the local cloud has, and the errors in AWS's words."""
import decimal
import json
import threading
import time
import zlib

import boto3.dynamodb.conditions
import boto3.dynamodb.types
import botocore.exceptions
import pytest

from conftest import wait_until


@pytest.fixture
def dynamodb(client):
    return client("dynamodb")


@pytest.fixture
def table(dynamodb, name):
    """A table with partition key p (string) and sort key s (number); gone after the test."""
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture
def users(dynamodb, name):
    """A table with partition key serviceUUID alone, as the product's users table has it."""
    name = "u" + name
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "serviceUUID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "serviceUUID", "AttributeType": "S"}])
    yield name
    dynamodb.delete_table(TableName=name)


def key(p, s):
    return {"p": {"S": p}, "s": {"N": str(s)}}


def refused(call, **arguments):
    """(code, message) of the refusal."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


EVERY_TYPE = {
    "string": "Grüße \"quoted\" \\ \n\t\x01 😀", "empty": "", "number": decimal.Decimal("-12.5"), "small": decimal.Decimal("1e-130"), "precise": decimal.Decimal("12345678901234567890123456789012345678"),
    "binary": b"\x00\x01\xff", "yes": True, "no": False, "nothing": None, "strings": {"a", "b"}, "numbers": {decimal.Decimal(1), decimal.Decimal("2.5")},
    "binaries": {b"\x00", b"\x01"}, "list": ["x", decimal.Decimal(1), ["deep", {"deeper": None}]], "map": {"a.b": {"c": "d"}}, "none": [], "blank": {},
}


def test_every_type_comes_back(dynamodb, table):
    serialize, deserialize = boto3.dynamodb.types.TypeSerializer().serialize, boto3.dynamodb.types.TypeDeserializer().deserialize
    item = {k: serialize(v) for k, v in {**EVERY_TYPE, "p": "types", "s": 1}.items()}
    dynamodb.put_item(TableName=table, Item=item)
    got = dynamodb.get_item(TableName=table, Key=key("types", 1), ConsistentRead=True)["Item"]
    assert {k: deserialize(v) for k, v in got.items()} == {
        k: boto3.dynamodb.types.Binary(v) if isinstance(v, bytes) else {boto3.dynamodb.types.Binary(b) for b in v} if k == "binaries" else v
        for k, v in {**EVERY_TYPE, "p": "types", "s": decimal.Decimal(1)}.items()}


def test_large_numbers_are_written_plainly(dynamodb, table):
    """As AWS does; boto3's own deserializer stumbles over it (boto3 issue 2500), hence the low-level client."""
    dynamodb.put_item(TableName=table, Item={**key("n", 1), "large": {"N": "1e125"}, "small": {"N": "-1E-3"}})
    got = dynamodb.get_item(TableName=table, Key=key("n", 1))["Item"]
    assert got["large"] == {"N": "1" + "0" * 125} and got["small"] == {"N": "-0.001"}


def test_replies_carry_their_checksum(dynamodb, table):
    seen = []
    dynamodb.meta.events.register("response-received.dynamodb.GetItem", lambda response_dict, **_: seen.append(response_dict))
    dynamodb.get_item(TableName=table, Key=key("a", 1))
    assert int(seen[0]["headers"]["x-amz-crc32"]) == zlib.crc32(seen[0]["body"])
    assert seen[0]["headers"]["content-type"] == "application/x-amz-json-1.0"


def test_put_update_delete_return_values(dynamodb, table):
    first = {**key("a", 1), "v": {"S": "1"}}
    assert "Attributes" not in dynamodb.put_item(TableName=table, Item=first, ReturnValues="ALL_OLD")
    second = {**key("a", 1), "v": {"S": "2"}}
    assert dynamodb.put_item(TableName=table, Item=second, ReturnValues="ALL_OLD")["Attributes"] == first
    updated = dynamodb.update_item(
        TableName=table, Key=key("a", 1), UpdateExpression="SET v = :v, #l = list_append(if_not_exists(#l, :none), :one) ADD n :n",
        ExpressionAttributeNames={"#l": "list"},
        ExpressionAttributeValues={":v": {"S": "3"}, ":none": {"L": []}, ":one": {"L": [{"S": "x"}]}, ":n": {"N": "5"}}, ReturnValues="UPDATED_NEW")
    assert updated["Attributes"] == {"v": {"S": "3"}, "list": {"L": [{"S": "x"}]}, "n": {"N": "5"}}
    gone = dynamodb.delete_item(TableName=table, Key=key("a", 1), ReturnValues="ALL_OLD")["Attributes"]
    assert gone["n"] == {"N": "5"}
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key("a", 1))


def test_conditions(dynamodb, table):
    item = {**key("a", 1), "v": {"N": "1"}}
    dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(p)")
    assert refused(dynamodb.put_item, TableName=table, Item=item, ConditionExpression="attribute_not_exists(p)") == (
        "ConditionalCheckFailedException", "The conditional request failed")
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException) as caught:
        dynamodb.update_item(TableName=table, Key=key("a", 1), UpdateExpression="SET v = v + :one", ConditionExpression="v > :one",
                             ExpressionAttributeValues={":one": {"N": "1"}})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    dynamodb.update_item(TableName=table, Key=key("a", 1), UpdateExpression="SET v = v + :one", ConditionExpression="v = :one",
                         ExpressionAttributeValues={":one": {"N": "1"}})
    assert dynamodb.get_item(TableName=table, Key=key("a", 1))["Item"]["v"] == {"N": "2"}


def test_fenced_counters_are_exact_under_contention(cloud, dynamodb, table):
    """The product's checkpoint: a conditional ADD from many threads counts every one exactly once."""
    dynamodb.put_item(TableName=table, Item={**key("c", 1), "n": {"N": "0"}, "fence": {"N": "7"}})

    def add():
        mine = cloud.client("dynamodb")
        for _ in range(25):
            mine.update_item(TableName=table, Key=key("c", 1), UpdateExpression="ADD n :one", ConditionExpression="fence = :f",
                             ExpressionAttributeValues={":one": {"N": "1"}, ":f": {"N": "7"}})
    threads = [threading.Thread(target=add) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert dynamodb.get_item(TableName=table, Key=key("c", 1), ConsistentRead=True)["Item"]["n"] == {"N": "100"}


@pytest.mark.parametrize("call, arguments, code, message", [
    ("get_item", dict(Key={"p": {"S": "a"}}), "ValidationException", "The provided key element does not match the schema"),
    ("put_item", dict(Item={"p": {"S": "a"}}), "ValidationException", "One or more parameter values were invalid: Missing the key s in the item"),
    ("put_item", dict(Item={"p": {"S": "a"}, "s": {"S": "1"}}), "ValidationException",
     "One or more parameter values were invalid: Type mismatch for key s expected: N actual: S"),
    ("put_item", dict(Item={"p": {"S": ""}, "s": {"N": "1"}}), "ValidationException",
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: p"),
    ("put_item", dict(Item={**key("a", 1), "x": {"SS": []}}), "ValidationException", "One or more parameter values were invalid: An string set  may not be empty"),
    ("put_item", dict(Item={**key("a", 1), "x": {"N": "abc"}}), "ValidationException", "The parameter cannot be converted to a numeric value: abc"),
    ("put_item", dict(Item={**key("a", 1), "x": {"S": "y" * 409600}}), "ValidationException", "Item size has exceeded the maximum allowed size"),
    ("put_item", dict(Item=key("a", 1), ConditionExpression="status = :x", ExpressionAttributeValues={":x": {"S": "a"}}), "ValidationException",
     "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status"),
    ("put_item", dict(Item=key("a", 1), ConditionExpression="v = :x"), "ValidationException",
     "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x"),
    ("put_item", dict(Item=key("a", 1), ConditionExpression="attribute_exists(v)", ExpressionAttributeNames={"#u": "u"}), "ValidationException",
     "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}"),
    ("update_item", dict(Key=key("a", 1), UpdateExpression="SET x = y"), "ValidationException",
     "The provided expression refers to an attribute that does not exist in the item"),
    ("update_item", dict(Key=key("a", 1), UpdateExpression="SET x.y = :v", ExpressionAttributeValues={":v": {"S": "a"}}), "ValidationException",
     "The document path provided in the update expression is invalid for update"),
    ("update_item", dict(Key=key("a", 1), UpdateExpression="SET s = :v", ExpressionAttributeValues={":v": {"N": "2"}}), "ValidationException",
     "One or more parameter values were invalid: Cannot update attribute s. This attribute is part of the key"),
    ("query", dict(KeyConditionExpression="s = :s", ExpressionAttributeValues={":s": {"N": "1"}}), "ValidationException",
     "Query condition missed key schema element: p"),
    ("scan", dict(Segment=3, TotalSegments=2), "ValidationException",
     "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than TotalSegments: 2"),
    ("scan", dict(Limit=0), "ValidationException",
     "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ("get_item", dict(TableName="no-such-table", Key=key("a", 1)), "ResourceNotFoundException", "Requested resource not found"),
    ("describe_table", dict(TableName="no-such-table"), "ResourceNotFoundException", "Requested resource not found: Table: no-such-table not found"),
    ("update_item", dict(Key=key("a", 1), AttributeUpdates={}), "NotImplemented", "the legacy parameter AttributeUpdates is not implemented by the local DynamoDB"),
    ("create_backup", dict(BackupName="abc"), "NotImplemented", "The local cloud does not implement DynamoDB's CreateBackup."),
])
def test_refusals(cloud, table, call, arguments, code, message):
    unchecked = cloud.client("dynamodb", config=botocore.config.Config(parameter_validation=False, retries={"max_attempts": 0}))
    assert refused(getattr(unchecked, call), **{"TableName": table, **arguments}) == (code, message)


def test_batch_get_and_write(dynamodb, table, users):
    written = dynamodb.batch_write_item(RequestItems={
        table: [{"PutRequest": {"Item": {**key("a", i), "v": {"S": str(i)}}}} for i in range(20)],
        users: [{"PutRequest": {"Item": {"serviceUUID": {"S": f"u{i}"}, "status": {"S": "Active"}}}} for i in range(5)]},
        ReturnConsumedCapacity="TOTAL")
    assert written["UnprocessedItems"] == {}
    assert {c["TableName"]: c["CapacityUnits"] for c in written["ConsumedCapacity"]} == {table: 20.0, users: 5.0}
    got = dynamodb.batch_get_item(RequestItems={
        table: {"Keys": [key("a", i) for i in range(30)], "ConsistentRead": True},
        users: {"Keys": [{"serviceUUID": {"S": "u1"}}], "ProjectionExpression": "#s", "ExpressionAttributeNames": {"#s": "status"}}})
    assert sorted(int(i["s"]["N"]) for i in got["Responses"][table]) == list(range(20))
    assert got["Responses"][users] == [{"status": {"S": "Active"}}]
    assert got["UnprocessedKeys"] == {}
    assert refused(dynamodb.batch_get_item, RequestItems={users: {"Keys": [{"serviceUUID": {"S": "a"}}] * 2}}) == (
        "ValidationException", "Provided list of item keys contains duplicates")
    assert refused(dynamodb.batch_get_item, RequestItems={users: {"Keys": [{"serviceUUID": {"S": str(i)}} for i in range(101)]}})[0] == "ValidationException"
    assert refused(dynamodb.batch_write_item, RequestItems={users: [{"DeleteRequest": {"Key": {"serviceUUID": {"S": str(i)}}}} for i in range(26)]})[0] == "ValidationException"
    assert refused(dynamodb.batch_get_item, RequestItems={"no-such-table": {"Keys": [{"p": {"S": "a"}}]}}) == (
        "ResourceNotFoundException", "Requested resource not found")


def test_resource_interface(cloud, users):
    """boto3's resource API: conditions built by objects, and the batch writer."""
    values = cloud.environment()
    resource = boto3.resource("dynamodb", endpoint_url=cloud.endpoint, region_name=cloud.client("dynamodb").meta.region_name,
                              aws_access_key_id=values["AWS_ACCESS_KEY_ID"], aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"])
    table = resource.Table(users)
    with table.batch_writer() as batch:
        for i in range(60):
            batch.put_item(Item={"serviceUUID": f"id-{i}", "age": i, "name": "N" * i})
    attr = boto3.dynamodb.conditions.Attr
    found = table.scan(FilterExpression=attr("age").between(10, 19) & attr("name").begins_with("N") & ~attr("gone").exists())["Items"]
    assert sorted(i["age"] for i in found) == list(range(10, 20))
    assert table.query(KeyConditionExpression=boto3.dynamodb.conditions.Key("serviceUUID").eq("id-7"))["Items"][0]["age"] == 7
    assert table.item_count == 60


def test_query_orders_and_pages(dynamodb, table):
    numbers = [-100, -1.5, 0, 0.001, 1, 2, 10, 1e10]
    for n in numbers:
        dynamodb.put_item(TableName=table, Item={**key("q", n), "even": {"BOOL": n == int(n)}})
    pages = dynamodb.get_paginator("query").paginate(TableName=table, KeyConditionExpression="p = :p", PaginationConfig={"PageSize": 3},
                                                     ExpressionAttributeValues={":p": {"S": "q"}})
    assert [float(i["s"]["N"]) for page in pages for i in page["Items"]] == numbers
    backwards = dynamodb.query(TableName=table, KeyConditionExpression="p = :p AND s BETWEEN :a AND :b", ScanIndexForward=False, Limit=2,
                               ExpressionAttributeValues={":p": {"S": "q"}, ":a": {"N": "0"}, ":b": {"N": "2"}})
    assert [i["s"]["N"] for i in backwards["Items"]] == ["2", "1"]
    assert backwards["LastEvaluatedKey"] == key("q", 1)
    filtered = dynamodb.query(TableName=table, KeyConditionExpression="p = :p", FilterExpression="even = :no", Select="COUNT",
                              ReturnConsumedCapacity="INDEXES", ExpressionAttributeValues={":p": {"S": "q"}, ":no": {"BOOL": False}})
    assert (filtered["Count"], filtered["ScannedCount"]) == (2, 8)
    assert filtered["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}


def test_scan_in_segments(dynamodb, users):
    for start in range(0, 100, 25):
        dynamodb.batch_write_item(RequestItems={users: [{"PutRequest": {"Item": {"serviceUUID": {"S": str(i)}}}} for i in range(start, start + 25)]})
    seen = []
    for segment in range(4):
        for page in dynamodb.get_paginator("scan").paginate(TableName=users, Segment=segment, TotalSegments=4, PaginationConfig={"PageSize": 7}):
            seen += [int(i["serviceUUID"]["S"]) for i in page["Items"]]
    assert sorted(seen) == list(range(100))


def test_pages_end_at_one_megabyte(dynamodb, table):
    for i in range(8):
        dynamodb.put_item(TableName=table, Item={**key("big", i), "v": {"S": "x" * 300_000}})
    page = dynamodb.query(TableName=table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": {"S": "big"}})
    assert page["Count"] == 4 and page["LastEvaluatedKey"] == key("big", 3)
    pages = dynamodb.get_paginator("query").paginate(TableName=table, KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": {"S": "big"}})
    assert sum(p["Count"] for p in pages) == 8


def test_transactions(dynamodb, table, users):
    put = {"Put": {"TableName": users, "Item": {"serviceUUID": {"S": "t"}}, "ConditionExpression": "attribute_not_exists(serviceUUID)"}}
    add = {"Update": {"TableName": table, "Key": key("run", 0), "UpdateExpression": "ADD shardsDone :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}}
    check = {"ConditionCheck": {"TableName": table, "Key": key("fence", 0), "ConditionExpression": "attribute_exists(p)"}}
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as caught:
        dynamodb.transact_write_items(TransactItems=[put, add, check])
    assert caught.value.response["Error"]["Message"] == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ConditionalCheckFailed]")
    assert [r["Code"] for r in caught.value.response["CancellationReasons"]] == ["None", "None", "ConditionalCheckFailed"]
    assert "Item" not in dynamodb.get_item(TableName=users, Key={"serviceUUID": {"S": "t"}})
    for _ in range(2):  # the same token twice: once done
        dynamodb.transact_write_items(TransactItems=[put, add], ClientRequestToken="token-of-" + table[:20])
    assert refused(dynamodb.transact_write_items, TransactItems=[add], ClientRequestToken="token-of-" + table[:20])[0] == "IdempotentParameterMismatchException"
    got = dynamodb.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": key("run", 0)}}, {"Get": {"TableName": table, "Key": key("no", 0)}}])
    assert got["Responses"][0]["Item"]["shardsDone"] == {"N": "1"}
    assert "Item" not in got["Responses"][1]


def test_global_and_local_indexes(dynamodb, name):
    created = dynamodb.create_table(
        TableName=name, ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in "psab"],
        LocalSecondaryIndexes=[{"IndexName": "local", "KeySchema": [{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "a", "KeyType": "RANGE"}],
                                "Projection": {"ProjectionType": "KEYS_ONLY"}}],
        GlobalSecondaryIndexes=[{"IndexName": "global", "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
                                 "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}])["TableDescription"]
    assert created["TableStatus"] in ("CREATING", "ACTIVE")
    for i in range(5):
        dynamodb.put_item(TableName=name, Item={"p": {"S": "p"}, "s": {"S": str(i)}, "a": {"S": str(9 - i)}, "b": {"S": "odd" if i % 2 else "even"}})
    query = dict(TableName=name, ExpressionAttributeValues={":v": {"S": "even"}}, IndexName="global", KeyConditionExpression="b = :v")
    assert sorted(i["s"]["S"] for i in dynamodb.query(**query)["Items"]) == ["0", "2", "4"]
    local = dynamodb.query(TableName=name, IndexName="local", KeyConditionExpression="p = :p", ExpressionAttributeValues={":p": {"S": "p"}})
    assert [i["s"]["S"] for i in local["Items"]] == ["4", "3", "2", "1", "0"] and "b" not in local["Items"][0]
    dynamodb.update_table(TableName=name, AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}], GlobalSecondaryIndexUpdates=[
        {"Create": {"IndexName": "later", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
                    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}}])
    wait_until(lambda: all(g["IndexStatus"] == "ACTIVE" for g in dynamodb.describe_table(TableName=name)["Table"]["GlobalSecondaryIndexes"]), what="the index")
    assert dynamodb.query(TableName=name, IndexName="later", KeyConditionExpression="a = :a", ExpressionAttributeValues={":a": {"S": "7"}})["Count"] == 1
    dynamodb.update_table(TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "global"}}])
    assert refused(dynamodb.query, **query) == ("ValidationException", "The table does not have the specified index: global")
    dynamodb.delete_table(TableName=name)
    dynamodb.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


def test_time_to_live(dynamodb, users):
    assert dynamodb.describe_time_to_live(TableName=users)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"
    dynamodb.update_time_to_live(TableName=users, TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True})
    assert dynamodb.describe_time_to_live(TableName=users)["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    dynamodb.put_item(TableName=users, Item={"serviceUUID": {"S": "old"}, "ttl": {"N": str(int(time.time()) - 5)}})
    dynamodb.put_item(TableName=users, Item={"serviceUUID": {"S": "new"}, "ttl": {"N": str(int(time.time()) + 5000)}})
    wait_until(lambda: "Item" not in dynamodb.get_item(TableName=users, Key={"serviceUUID": {"S": "old"}}), what="the expiry")
    assert "Item" in dynamodb.get_item(TableName=users, Key={"serviceUUID": {"S": "new"}})


def test_table_settings(dynamodb, name):
    # Debian's boto3 is older than deletion protection.
    knows_protection = "DeletionProtectionEnabled" in dynamodb.meta.service_model.operation_model("CreateTable").input_shape.members
    protection = {"DeletionProtectionEnabled": True} if knows_protection else {}
    arn = dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", **protection, SSESpecification={"Enabled": True}, TableClass="STANDARD",
        Tags=[{"Key": "team", "Value": "ads"}], KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "B"}])["TableDescription"]["TableArn"]
    described = dynamodb.describe_table(TableName=name)["Table"]
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST" and described["SSEDescription"]["Status"] == "ENABLED"
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    recovery = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    assert refused(dynamodb.create_table, TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
                   AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "B"}]) == ("ResourceInUseException", "Table already exists: " + name)
    if knows_protection:
        assert refused(dynamodb.delete_table, TableName=name) == (
            "ValidationException", f"1 validation error detected: Table '{name}' can't be deleted while DeletionProtectionEnabled is set to True")
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.put_item(TableName=name, Item={"p": {"B": b"\x00\xff"}})
    assert dynamodb.scan(TableName=name)["Items"] == [{"p": {"B": b"\x00\xff"}}]
    assert dynamodb.describe_limits()["TableMaxReadCapacityUnits"] == 40000
    assert dynamodb.describe_endpoints()["Endpoints"][0]["Address"]
    assert name in [t for page in dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2}) for t in page["TableNames"]]
    dynamodb.delete_table(TableName=name)
    assert refused(dynamodb.delete_table, TableName=name) == ("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")


def test_regions_are_apart(client, table):
    elsewhere = client("dynamodb", region_name="us-west-2")
    assert table not in elsewhere.list_tables()["TableNames"]
    assert refused(elsewhere.describe_table, TableName=table)[0] == "ResourceNotFoundException"


def test_aws_cli(aws, name):
    aws("dynamodb", "create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST", "--key-schema", "AttributeName=p,KeyType=HASH",
        "--attribute-definitions", "AttributeName=p,AttributeType=S")
    aws("dynamodb", "wait", "table-exists", "--table-name", name)
    aws("dynamodb", "put-item", "--table-name", name, "--item", json.dumps({"p": {"S": "a"}, "status": {"S": "Active"}}))
    got = aws("dynamodb", "get-item", "--table-name", name, "--key", '{"p":{"S":"a"}}', "--projection-expression", "#s",
              "--expression-attribute-names", '{"#s":"status"}')
    assert got == {"Item": {"status": {"S": "Active"}}}
    failed = aws("dynamodb", "put-item", "--table-name", name, "--item", '{"p":{"S":"a"}}', "--condition-expression", "attribute_not_exists(p)", check=False)
    assert failed.returncode == 254
    assert "(ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed" in failed.stderr
    assert aws("dynamodb", "scan", "--table-name", name)["Count"] == 1
    aws("dynamodb", "delete-table", "--table-name", name)
    aws("dynamodb", "wait", "table-not-exists", "--table-name", name)


def test_acknowledged_items_survive_kill(tmp_path):
    """kill -9 in the middle of a load: what was answered is there."""
    from conftest import Cloud
    cloud = Cloud(tmp_path / "data").start()
    try:
        dynamodb = cloud.client("dynamodb")
        dynamodb.create_table(TableName="kept", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}],
                              AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}])
        acknowledged, stop = [], threading.Event()

        def load(worker):
            mine = cloud.client("dynamodb", config=botocore.config.Config(retries={"max_attempts": 0}))
            for i in range(100_000):
                if stop.is_set():
                    return
                try:
                    mine.put_item(TableName="kept", Item={"p": {"S": f"{worker}-{i}"}})
                except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                    return
                acknowledged.append(f"{worker}-{i}")
        for _ in range(3):
            stop.clear()
            workers = [threading.Thread(target=load, args=(f"{_}{w}",)) for w in range(3)]
            [w.start() for w in workers]
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) > before + 50, what="the load")
            cloud.kill()
            stop.set()
            [w.join() for w in workers]
            cloud.start()
            dynamodb = cloud.client("dynamodb")
        there = {i["p"]["S"] for page in dynamodb.get_paginator("scan").paginate(TableName="kept") for i in page["Items"]}
        assert set(acknowledged) <= there
        assert dynamodb.describe_table(TableName="kept")["Table"]["ItemCount"] == len(there)
    finally:
        cloud.stop()
