"""SESv2 through boto3 and the aws CLI, and the mailbox behind it."""
import email.message
import email.policy
import json
import urllib.parse

import pytest
from botocore.exceptions import ClientError

from conftest import REGION


@pytest.fixture
def ses(client):
    return client("sesv2")


@pytest.fixture
def domain(ses, name):
    identity = f"{name}.example.org"
    ses.create_email_identity(EmailIdentity=identity)
    yield identity
    ses.delete_email_identity(EmailIdentity=identity)


def mailbox(cloud, **query):
    return cloud.page(f"/_aws/ses?{urllib.parse.urlencode(query)}")["messages"]


def code_of(call, *args, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response["Error"]["Code"]


def simple(subject="subject", text="text", html=None):
    body = {"Text": {"Data": text}}
    if html:
        body["Html"] = {"Data": html}
    return {"Simple": {"Subject": {"Data": subject}, "Body": body}}


def test_a_mail_reaches_the_mailbox(ses, cloud, domain):
    sender, to = f"a@{domain}", f"b@{domain}"
    sent = ses.send_email(FromEmailAddress=f"A <{sender}>", Destination={"ToAddresses": [to], "CcAddresses": [sender]},
                          Content=simple("Grüße", "plain €", "<b>html</b>"), EmailTags=[{"Name": "k", "Value": "v"}])
    (shown,) = mailbox(cloud, id=sent["MessageId"])
    assert shown["Source"] == f"A <{sender}>" and shown["Region"] == REGION
    assert shown["Destination"] == {"ToAddresses": [to], "CcAddresses": [sender]}
    assert shown["Subject"] == "Grüße" and shown["Body"] == {"text_part": "plain €", "html_part": "<b>html</b>"}
    parsed = email.message_from_string(shown["RawData"], policy=email.policy.default)
    assert parsed["Subject"] == "Grüße" and parsed["To"] == to
    assert parsed.get_body(("plain",)).get_content().strip() == "plain €"
    assert parsed.get_body(("html",)).get_content().strip() == "<b>html</b>"
    assert [m["Id"] for m in mailbox(cloud, email=to)] == [sent["MessageId"]]


def test_a_raw_mail(ses, cloud, domain):
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = f"a@{domain}", f"b@{domain}", "raw Grüße"
    message.set_content("the text")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="x.bin")
    sent = ses.send_email(Content={"Raw": {"Data": message.as_bytes()}})
    (shown,) = mailbox(cloud, id=sent["MessageId"])
    assert shown["Subject"] == "raw Grüße" and shown["Body"]["text_part"].strip() == "the text"
    assert shown["RawData"].encode() == message.as_bytes()


def test_an_unverified_sender(ses, domain):
    with pytest.raises(ClientError) as caught:
        ses.send_email(FromEmailAddress="x@unverified.org", Destination={"ToAddresses": [f"b@{domain}"]}, Content=simple())
    assert caught.value.response["Error"] == {
        "Code": "MessageRejected", "Message": "Email address is not verified. The following identities failed the check in "
                                              f"region {REGION.upper()}: x@unverified.org"}


def test_the_account_and_the_sandbox(client):
    ses = client("sesv2", region_name="eu-west-3")  # a region of its own: the state is the region's
    details = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.org", "UseCaseDescription": "reports"}
    ses.put_account_details(**details, ProductionAccessEnabled=False)
    account = ses.get_account()
    assert account["ProductionAccessEnabled"] is False and account["SendQuota"]["Max24HourSend"] == 200
    ses.create_email_identity(EmailIdentity="a@example.org")

    def send(to):
        return ses.send_email(FromEmailAddress="a@example.org", Destination={"ToAddresses": [to]}, Content=simple())

    assert code_of(send, "anybody@x.org") == "MessageRejected"
    assert send("a@example.org")["MessageId"] and send("success@simulator.amazonses.com")["MessageId"]
    ses.put_account_details(**details, ProductionAccessEnabled=True)
    assert send("anybody@x.org")["MessageId"]
    account = ses.get_account()
    assert account["ProductionAccessEnabled"] is True and account["SendQuota"]["SentLast24Hours"] == 3
    assert account["Details"]["MailType"] == "TRANSACTIONAL"
    ses.put_account_sending_attributes(SendingEnabled=False)
    assert code_of(send, "a@example.org") == "SendingPausedException"
    ses.put_account_sending_attributes(SendingEnabled=True)
    ses.delete_email_identity(EmailIdentity="a@example.org")


def test_identities(ses, domain):
    shown = ses.get_email_identity(EmailIdentity=domain)
    assert shown["IdentityType"] == "DOMAIN" and shown["VerifiedForSendingStatus"] is True
    assert len(shown["DkimAttributes"]["Tokens"]) == 3
    assert code_of(ses.create_email_identity, EmailIdentity=domain) == "AlreadyExistsException"
    assert code_of(ses.create_email_identity, EmailIdentity="nonsense") == "BadRequestException"
    assert code_of(ses.get_email_identity, EmailIdentity="none@" + domain) == "NotFoundException"
    assert code_of(ses.delete_email_identity, EmailIdentity="none@" + domain) == "NotFoundException"
    assert domain in [i["IdentityName"] for i in ses.list_email_identities()["EmailIdentities"]]
    first = ses.list_email_identities(PageSize=1)
    assert len(first["EmailIdentities"]) == 1


def test_refusals(ses, domain):
    sender = {"FromEmailAddress": f"a@{domain}"}
    to = {"Destination": {"ToAddresses": [f"a@{domain}"]}}
    assert code_of(ses.send_email, **sender, Destination={}, Content=simple()) == "BadRequestException"
    assert code_of(ses.send_email, **sender, Destination={"ToAddresses": [f"a@{domain}"] * 51}, Content=simple()) == "MessageRejected"
    assert code_of(ses.send_email, **sender, **to, Content={"Template": {"TemplateName": "t"}}) == "NotImplemented"
    assert code_of(ses.send_email, **sender, **to, Content=simple(), ConfigurationSetName="c") == "NotFoundException"
    assert code_of(ses.list_contact_lists) == "NotImplemented"


def test_the_mailbox_can_be_emptied(ses, cloud, domain):
    sent = ses.send_email(FromEmailAddress=f"a@{domain}", Destination={"ToAddresses": [f"a@{domain}"]}, Content=simple())
    cloud.page(f"/_aws/ses?id={sent['MessageId']}", method="DELETE")
    assert mailbox(cloud, id=sent["MessageId"]) == []


def test_the_cli(aws, name):
    aws("sesv2", "create-email-identity", "--email-identity", f"{name}@example.com")
    sent = aws("sesv2", "send-email", "--from-email-address", f"{name}@example.com", "--destination",
               f"ToAddresses={name}@example.com", "--content", json.dumps(simple()))
    assert sent["MessageId"]
    aws("sesv2", "delete-email-identity", "--email-identity", f"{name}@example.com")
