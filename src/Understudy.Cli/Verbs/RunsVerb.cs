using System.CommandLine;
using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Cli.Verbs;

/// <summary>What studies left on the disk.</summary>
internal static class RunsVerb
{
    public static Command Create() => new("runs", """
        List or clean what studies left on the disk.

        Studies and their stages lie under ./runs, or where UNDERSTUDY_RUNS says. RESTRICTED marks what holds
        real images or shows them: it may not be passed on.
        """) { List(), Clean() };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "Print as JSON" };
        return new Command("list", "List studies and stages: sizes, what is unfinished, what is RESTRICTED.") { json }.Does(s =>
        {
            var inventory = Inventory.Of(RunsFolder.Default);
            if (s.Arguments.GetValue(json)) s.Output.Write(StrictJson.Write(inventory));
            else Tell(inventory, s.Output);
            return CommandLine.Done;
        });
    }

    private static Command Clean()
    {
        var all = new Option<bool>("--all")
        {
            Description = "Also what studies still use: everything is computed anew next time"
        };
        var dry = new Option<bool>("--dry-run", "-n") { Description = "Only say what would be removed" };
        return new Command("clean", "Remove unfinished stages and those that no study uses any more.") { all, dry }.Does(s =>
        {
            var inventory = Inventory.Of(RunsFolder.Default);
            var gone = inventory.Stages.Where(x => s.Arguments.GetValue(all) || !x.Done || x.Studies.Count == 0).ToList();
            var removed = gone.Where(x => s.Arguments.GetValue(dry) || Inventory.Remove(RunsFolder.Default, x)).ToList();
            foreach (var busy in gone.Except(removed)) s.Output.WriteLine($"{busy.Id}: in use by another process, kept");
            s.Output.WriteLine(
                $"{(s.Arguments.GetValue(dry) ? "would remove" : "removed")} {removed.Count} stages, "
                + $"{Human.Bytes(removed.Sum(x => x.Bytes))}");
            return CommandLine.Done;
        });
    }

    private static void Tell(Inventory inventory, TextWriter output)
    {
        output.WriteLine(inventory.Folder);
        foreach (var x in inventory.Studies)
            output.WriteLine(
                $"  {x.Name,-40} {(x.Open == 0 ? "done" : $"{x.Open} of {x.Total} stages open"),-24} "
                + $"{Human.Bytes(x.Bytes),9}{(x.Restricted ? "  RESTRICTED" : "")}");
        foreach (var x in inventory.Stages)
            output.WriteLine(
                $"  stages/{x.Id,-33} {(x.Done ? x.Studies.Count == 0 ? "done, used by no study" : "done" : "unfinished"),-24} "
                + $"{Human.Bytes(x.Bytes),9}{(x.Restricted ? "  RESTRICTED" : "")}");
        output.WriteLine(
            $"studies: {inventory.Studies.Count}; stages: {inventory.Stages.Count} ({inventory.Stages.Count(x => !x.Done)} "
            + $"unfinished); {Human.Bytes(inventory.Studies.Sum(x => x.Bytes) + inventory.Stages.Sum(x => x.Bytes))}");
    }
}
