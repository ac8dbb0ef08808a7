using System.CommandLine;

namespace Understudy.Cli.Verbs;

internal static class StageVerb
{
    public static Command Create() => new Command("stage", "One stage of a study, started by `run`") { Hidden = true }.Does(_ => 0);
}
