// Every command of `ads`: each function declares one on the program's command line, in a file of its own.
#pragma once

namespace CLI {
class App;
}

namespace ads::cli {

struct Session;

void add_cloud(CLI::App& program, Session& session);
void add_env(CLI::App& program, Session& session);
void add_deploy(CLI::App& program, Session& session);
void add_destroy(CLI::App& program, Session& session);
void add_doctor(CLI::App& program, Session& session);
void add_template(CLI::App& program, Session& session);
void add_users(CLI::App& program, Session& session);
void add_generate(CLI::App& program, Session& session);
void add_check(CLI::App& program, Session& session);
void add_submit(CLI::App& program, Session& session);
void add_runs(CLI::App& program, Session& session);
void add_status(CLI::App& program, Session& session);
void add_aws(CLI::App& program, Session& session);
void add_cancel(CLI::App& program, Session& session);
void add_resume(CLI::App& program, Session& session);
void add_retries(CLI::App& program, Session& session);
void add_dlq(CLI::App& program, Session& session);
void add_plan(CLI::App& program, Session& session);
void add_quarantine(CLI::App& program, Session& session);
void add_report(CLI::App& program, Session& session);
void add_mail(CLI::App& program, Session& session);
void add_logs(CLI::App& program, Session& session);
void add_completion(CLI::App& program, Session& session);
void add_manual(CLI::App& program, Session& session);

}  // namespace ads::cli
