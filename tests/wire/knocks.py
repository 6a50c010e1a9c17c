"""One harmless request for each service and protocol, and what each says to strangers."""
import dataclasses

from signed import FORM


@dataclasses.dataclass
class Words:
    """What one protocol's services say to each kind of stranger: (status, code)."""
    missing: tuple
    unknown_key: tuple
    mismatch: tuple
    skewed: tuple
    wrong_token: tuple
    malformed: tuple


S3 = Words(missing=(403, "AccessDenied"), unknown_key=(403, "InvalidAccessKeyId"), mismatch=(403, "SignatureDoesNotMatch"),
           skewed=(403, "RequestTimeTooSkewed"), wrong_token=(400, "InvalidToken"),
           malformed=(400, "AuthorizationHeaderMalformed"))
QUERY = Words(missing=(403, "MissingAuthenticationToken"), unknown_key=(403, "InvalidClientTokenId"),
              mismatch=(403, "SignatureDoesNotMatch"), skewed=(403, "SignatureDoesNotMatch"),
              wrong_token=(403, "InvalidClientTokenId"), malformed=(400, "IncompleteSignature"))
JSON = Words(missing=(400, "MissingAuthenticationTokenException"), unknown_key=(400, "UnrecognizedClientException"),
             mismatch=(400, "InvalidSignatureException"), skewed=(400, "InvalidSignatureException"),
             wrong_token=(400, "UnrecognizedClientException"), malformed=(400, "IncompleteSignatureException"))
REST_JSON = Words(missing=(403, "MissingAuthenticationTokenException"), unknown_key=(403, "UnrecognizedClientException"),
                  mismatch=(403, "InvalidSignatureException"), skewed=(403, "InvalidSignatureException"),
                  wrong_token=(403, "UnrecognizedClientException"), malformed=(403, "IncompleteSignatureException"))
# SQS's JSON services kept the codes of its Query protocol.
SQS_JSON = Words(missing=(403, "MissingAuthenticationToken"), unknown_key=(403, "InvalidClientTokenId"),
                 mismatch=(403, "SignatureDoesNotMatch"), skewed=(403, "SignatureDoesNotMatch"),
                 wrong_token=(403, "InvalidClientTokenId"), malformed=(403, "IncompleteSignature"))


def form(action, version):
    return "POST", "/", {"Content-Type": FORM}, f"Action={action}&Version={version}".encode()


def target(name, version="1.0"):
    return "POST", "/", {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": name}, b"{}"


# One harmless request for each service and protocol: what an honest caller is answered with 200.
KNOCKS = {
    "s3": ("s3", S3, ("GET", "/", {}, b"")),
    "dynamodb": ("dynamodb", JSON, target("DynamoDB_20120810.ListTables")),
    "sqs-json": ("sqs", SQS_JSON, target("AmazonSQS.ListQueues")),
    "sqs-query": ("sqs", QUERY, form("ListQueues", "2012-11-05")),
    "sns": ("sns", QUERY, form("ListTopics", "2010-03-31")),
    "lambda": ("lambda", REST_JSON, ("GET", "/2015-03-31/functions/", {}, b"")),
    "cloudformation": ("cloudformation", QUERY, form("DescribeStacks", "2010-05-15")),
    "sts": ("sts", QUERY, form("GetCallerIdentity", "2011-06-15")),
    "iam": ("iam", QUERY, form("ListRoles", "2010-05-08")),
    "logs": ("logs", JSON, target("Logs_20140328.DescribeLogGroups", "1.1")),
    "cloudwatch": ("monitoring", QUERY, form("DescribeAlarms", "2010-08-01")),
    "ses": ("ses", REST_JSON, ("GET", "/v2/email/identities", {}, b"")),
}
