"""A report whose mail SES refuses for one of its addresses. In a file that comes early: an account in the sandbox sends 200 mails a
day, and the other tests send more."""
import json

from answer import answer


def test_one_bad_recipient_never_stops_the_others(stack, request):
    """SES refuses the message for the one address; each of the others gets it by itself, and the run has its mail."""
    mail = stack.cloud.client("sesv2")
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com", "UseCaseDescription": "reports"}
    good = ["first@good.example", "second@good.example"]
    mail.create_email_identity(EmailIdentity="good.example")
    before = stack.lambdas.get_function_configuration(
        FunctionName=stack.outputs["DispatchFunction"])["Environment"]["Variables"]["MAIL_TO"]
    stack.set_variables("Dispatch", MAIL_TO=f"{good[0]},refused@nowhere.example,{good[1]}")
    mail.put_account_details(ProductionAccessEnabled=False, **account)
    request.addfinalizer(lambda: (mail.put_account_details(ProductionAccessEnabled=True, **account),
                                  stack.set_variables("Dispatch", MAIL_TO=before)))
    report = answer(stack, f"DES_Manually_Process_{stack.today()}.csv", b"200,0,no-address\n")
    run = report["runId"]
    assert sorted(to for m in stack.mails_about(run, 2) for to in m["Destination"]["ToAddresses"]) == good
    assert "mailError" not in stack.status(run)
    log = stack.ads("logs", "DispatchFunction", "--filter", '{ $.message = "report recipient refused" }', check=False).stdout
    line = json.loads(json.loads(log.splitlines()[-1])["message"])
    assert (line["recipient"], line["of"], line["code"]) == (2, 3, "MessageRejected")
    assert "nowhere.example" not in line["message"], "no address of a person in the log's own words"
