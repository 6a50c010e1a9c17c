"""A real OpenLDAP server on a free port of loopback, with people in it, and its own clients (Debian: slapd, ldap-utils)."""
import base64
import os
import socket
import subprocess
import uuid

from local_cloud import wait_until

BASE = "dc=example,dc=com"
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {directory}/slapd.pid
sizelimit size.soft=500 size.hard=unlimited size.prtotal=unlimited
database mdb
maxsize 1073741824
suffix "{base}"
rootdn "cn=admin,{base}"
rootpw secret
directory {directory}/data
overlay ppolicy
dbnosync
"""


class Person:
    """What a directory knows of number `i`, and what of it ADS should know."""

    def __init__(self, i):
        self.dn = f"uid=p{i},ou=People,{BASE}"
        self.uuid = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"p{i}.example.com"))
        self.first = ["Ada", "Zoë", "Jürgen", "北京", " leading blank", "Anne:Marie", "Ş", "O'Neil"][i % 8]
        self.last = f"Lovelace-{i}"
        self.address = None if i % 10 == 0 else f"{i} St James's Square, a line that LDIF folds after seventy-six columns, {'x' * (i % 90)}"
        self.is_locked = i % 20 == 7

    def entry(self):
        def line(name, value):
            return f"{name}:: {base64.b64encode(value.encode()).decode()}"
        lines = [f"dn: {self.dn}", "objectClass: inetOrgPerson", f"uid: {self.dn[4:].split(',')[0]}", line("cn", self.last),
                 line("givenName", self.first), line("sn", self.last), f"entryUUID: {self.uuid}", "description: not asked for"]
        if self.address:
            lines.append(line("street", self.address))
        if self.is_locked:
            lines.append("pwdAccountLockedTime: 000001010000Z")
        return "\n".join(lines) + "\n\n"

    def item(self):
        """As the users table should have it."""
        item = {"serviceUUID": self.uuid, "firstName": self.first, "lastName": self.last,
                "status": "Locked" if self.is_locked else "Active", "detailedAddress": self.address}
        return {name: value for name, value in item.items() if value}


class Slapd:
    def __init__(self, directory, people):
        (directory / "data").mkdir(parents=True)
        configuration = directory / "slapd.conf"
        configuration.write_text(CONFIGURATION.format(directory=directory, base=BASE))
        with open(directory / "people.ldif", "w") as file:
            file.write(f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n"
                       f"dn: ou=People,{BASE}\nobjectClass: organizationalUnit\nou: People\n\n"
                       f"dn: ou=Elsewhere,{BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: Elsewhere\n"
                       f"ref: ldap://elsewhere.example.com/ou=Elsewhere,{BASE}\n\n")
            file.writelines(person.entry() for person in people)
        subprocess.run(["/usr/sbin/slapd", "-T", "add", "-q", "-f", configuration, "-l", directory / "people.ldif"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"ldap://127.0.0.1:{port}"
        self.log = open(directory / "slapd.log", "wb")
        self.process = subprocess.Popen(["/usr/sbin/slapd", "-d", "0", "-f", configuration, "-h", self.url],
                                        stdout=self.log, stderr=self.log)
        wait_until(lambda: self.process.poll() is None and self.search("-s", "base", "1.1").returncode == 0, 30, "slapd")

    def command(self, *arguments):
        """ldapsearch that reads people, with the attributes that docs/directory.md names."""
        return ["ldapsearch", "-x", "-H", self.url, "-b", BASE, *arguments]

    def search(self, *arguments):
        return subprocess.run(self.command(*arguments), capture_output=True, env={**os.environ, "LDAPCONF": "/dev/null"})

    def modify(self, ldif):
        subprocess.run(["ldapmodify", "-x", "-M", "-H", self.url, "-D", f"cn=admin,{BASE}", "-w", "secret", "-e", "relax"],
                       input=ldif.encode(), check=True, capture_output=True)

    def delete(self, dn):
        self.modify(f"dn: {dn}\nchangetype: delete\n")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
