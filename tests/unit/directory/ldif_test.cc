#include "directory/ldif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/directory/read_users.h"

namespace ads::directory {
namespace {

using testing::HasSubstr;

// "dn|name=value,value|..." of each entry, "!line dn: why" of a bad one, "!!message" where reading ended.
std::string entries(std::string_view text, std::size_t step = 5) {
  std::size_t at = 0;
  Text lines(
      [&]() -> Result<std::string> {
        std::string out(text.substr(at, step));
        at += out.size();
        return out;
      },
      Encoding::detect);
  LdifReader reader(lines, [](std::string_view) { return true; });
  std::string all;
  for (;;) {
    auto next = reader.next();
    if (!next) return all + "!!" + next.error().message;
    if (std::holds_alternative<EndOfEntries>(*next)) break;
    if (auto* bad = std::get_if<BadEntry>(&*next)) {
      all += "!" + std::to_string(bad->line) + " " + bad->name + ": " + bad->why + "\n";
      continue;
    }
    auto& entry = std::get<Entry>(*next);
    all += entry.name;
    for (auto& attribute : entry.attributes) {
      all += "|" + attribute.name + "=";
      for (auto& value : attribute.values) all += (&value == &attribute.values[0] ? "" : ",") + value;
    }
    all += "\n";
  }
  for (auto& remark : reader.remarks()) all += "# " + remark + "\n";
  return all;
}

TEST(Ldif, ReadsEntries) {
  struct Case {
    const char *name, *text, *said;
  };
  for (Case c : {
           Case{"one", "dn: cn=a\nsn: A\n", "cn=a|sn=A\n"},
           Case{"version, comment, blank lines",
                "version: 1\n\n# a comment\n  of two lines\n\ndn: cn=a\nsn: A\n\n\n\ndn: cn=b\n", "cn=a|sn=A\ncn=b\n"},
           Case{"CR LF", "version: 1\r\n\r\ndn: cn=a\r\nsn: A\r\n B\r\n\r\ndn: cn=b\r\n", "cn=a|sn=AB\ncn=b\n"},
           Case{"folded value, name and dn", "dn: cn=\n a\ns\n n: A\n  B\n", "cn=a|sn=A B\n"},
           Case{"base64", "dn:: Y249w6k=\nsn:: w6k=\n", "cn=é|sn=é\n"},
           Case{"base64, folded", "dn: cn=a\nsn:: w6\n nDqQ==\n", "cn=a|sn=éé\n"},
           Case{"no blank after the colon", "dn:cn=a\nsn:A\n", "cn=a|sn=A\n"},
           Case{"a colon in the value", "dn: cn=a\nsn: A: B\n", "cn=a|sn=A: B\n"},
           Case{"several values", "dn: cn=a\nsn: A\ncn: x\nsn: B\nSN: C\n", "cn=a|sn=A,B,C|cn=x\n"},
           Case{"options come after what has none", "dn: cn=a\nsn;lang-de: D\nsn: A\nsn;lang-fr;x-y: F\nsn: B\n",
                "cn=a|sn=A,B,D,F\n"},
           Case{"an empty value", "dn: cn=a\nsn:\ncn: \n", "cn=a\n"},
           Case{"changetype: add", "dn: cn=a\nchangetype: add\nsn: A\n", "cn=a|sn=A\n"},
           Case{"a control before it", "dn: cn=a\ncontrol: 1.2.3 true\nchangetype: Add\nsn: A\n",
                "cn=a|control=1.2.3 true|sn=A\n"},
           Case{"a numeric attribute", "dn: cn=a\n2.5.4.4: A\n", "cn=a|2.5.4.4=A\n"},
           Case{"the empty dn is one", "dn:\nsn: A\n", "|sn=A\n"},
           Case{"empty", "", ""},
           Case{"comments only", "# extended LDIF\n#\n# LDAPv3\n", ""},
           Case{"ldapsearch",
                "# extended LDIF\n#\n\n# a, example\ndn: cn=a\nsn: A\n\n# search reference\nref: ldap://b/dc=x??sub\n\n"
                "# search result\nsearch: 2\nresult: 0 Success\ncontrol: 1.2.840 false MIQ=\npagedresults: cookie=\n\n"
                "# numResponses: 2\n# numEntries: 1\n",
                "cn=a|sn=A\n# 1 reference to other servers: what is there was not read\n"},
       })
    for (std::size_t step : {1, 5, 1000})
      EXPECT_EQ(entries(c.text, step), c.said) << c.name << ", in pieces of " << step;
}

TEST(Ldif, NamesWhatCannotBeRead) {
  struct Case {
    const char *name, *text, *said;
  };
  for (Case c : {
           Case{"modify", "dn: cn=a\nchangetype: modify\nreplace: sn\nsn: A\n-\n\ndn: cn=b\n",
                "!2 cn=a: changetype: modify: only whole entries and 'changetype: add' are read\ncn=b\n"},
           Case{"delete", "dn: cn=a\nchangetype: delete\n", "!2 cn=a: changetype: delete: only"},
           Case{"modrdn", "dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 1\n", "changetype: modrdn"},
           Case{"a url", "dn: cn=a\nphoto:< file:///tmp/x\n",
                "!2 cn=a: photo:< file:///tmp/x: a value that is in another"},
           Case{"base64", "dn: cn=a\nsn:: %%%\n\ndn: cn=b\n", "!2 cn=a: sn: not base64\ncn=b\n"},
           Case{"not LDIF", "dn: cn=a\nnonsense\n\ndn: cn=b\n",
                "!2 cn=a: not a line of LDIF ('attribute: value')\ncn=b\n"},
           Case{"a dash", "dn: cn=a\nsn: A\n-\n", "!3 cn=a: '-' belongs to a change"},
           Case{"no dn", "sn: A\ncn: B\n\ndn: cn=b\n", "!1 : an entry begins with 'dn:', not with 'sn:'\ncn=b\n"},
           Case{"version 2", "version: 2\ndn: cn=a\n", "!!line 1: LDIF version 2: only version 1 is known"},
           Case{"size limit", "dn: cn=a\n\nsearch: 2\nresult: 4 Size limit exceeded\n",
                "cn=a\n!!line 4: the directory ended the search with '4 Size limit exceeded': entries are missing; ask "
                "for "
                "them in pages: ldapsearch -E pr=1000/noprompt"},
           Case{"no such object", "search: 2\nresult: 32 No such object\n", "!!line 2: the directory ended the search"},
       })
    EXPECT_THAT(entries(c.text), HasSubstr(c.said)) << c.name;
}

TEST(Ldif, OfActiveDirectoryBecomesUsers) {
  EXPECT_EQ(
      read_users("version: 1\n\ndn: CN=Ada Lovelace,DC=example\nchangetype: add\nobjectClass: top\nobjectClass: user\n"
                 "givenName: Ada\nsn: Lovelace\nstreetAddress: 12 St\nobjectGUID:: MyIRAFVEd2aImaq7zN3uAQ==\n"
                 "userAccountControl: 512\n\n"
                 "dn:: Q049Wm/Dqw==\nchangetype: add\nobjectClass: user\ngivenName:: Wm/Dqw==\n"
                 "objectGUID:: MyIRAFVEd2aImaq7zN3uAg==\nuserAccountControl: 514\n\n"
                 "dn: OU=People\nobjectClass: organizationalUnit\nobjectGUID:: MyIRAFVEd2aImaq7zN3uAw==\n\n"
                 "dn: CN=PC1\nobjectClass: user\nobjectClass: computer\nobjectGUID:: MyIRAFVEd2aImaq7zN3uBA==\n"
                 "userAccountControl: 4096\n"),
      R"(00112233-4455-6677-8899-aabbccddee01 {"detailedAddress":"12 St","firstName":"Ada","lastName":"Lovelace","status":"Active"}; )"
      R"(00112233-4455-6677-8899-aabbccddee02 {"firstName":"Zoë","status":"Disabled"}; )"
      "# 2 entries are not people and were passed over: 1 computer, 1 organizationalUnit");
}

TEST(Ldif, OfOpenLdapBecomesUsers) {
  EXPECT_EQ(
      read_users("dn: uid=a\nobjectClass: inetOrgPerson\ngivenName: Ada\ngivenName: Augusta\nsn: L\n"
                 "entryUUID: 4b1c9a4e-0000-103f-8a0b-000000000001\npostalAddress: 12 St $ London\n\n"
                 "dn: uid=b\nobjectClass: inetOrgPerson\nentryUUID: b\npwdAccountLockedTime: 000001010000Z\n\n"
                 "dn: uid=c\nobjectClass: inetOrgPerson\nsn: C\n"),
      R"(4b1c9a4e-0000-103f-8a0b-000000000001 {"detailedAddress":"12 St, London","firstName":"Ada","lastName":"L","status":"Active"}; )"
      R"(b {"status":"Locked"}; )"
      "!14 uid=c: no objectGUID or entryUUID or ipaUniqueID or nsUniqueId");
}

}  // namespace
}  // namespace ads::directory
