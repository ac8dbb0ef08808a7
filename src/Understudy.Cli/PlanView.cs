using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Cli;

/// <summary>
/// What a study would do: its stages, which are done already, how long the others would take and what they would leave.
/// </summary>
internal static class PlanView
{
    public static int Write(StudyRun run, int jobs, double? minutes, TextWriter output, bool json)
    {
        var costs = new CostModel(run.Stages);
        var rows = run.Plan.Stages.Select(s =>
            (Stage: s, Done: new StageFolder(run.Stages, s).IsDone, Seconds: costs.Seconds(s, run.Plan.Stages))).ToList();
        var open = rows.Where(r => !r.Done).ToList();
        var left = TimeLeft.Of(costs, run.Plan.Stages, [.. open.Select(r => r.Stage)], jobs);
        var bytes = open.Sum(r => CostModel.Bytes(r.Stage));
        if (json)
        {
            output.Write(StrictJson.Write(new
            {
                Study = run.Study.Name,
                run.Folder,
                StagesFolder = run.Stages,
                EstimatedSeconds = Math.Round(left.TotalSeconds),
                EstimatedBytes = bytes,
                Stages = rows.Select(r =>
                    new { r.Stage.Label, r.Stage.Id, r.Stage.Kind, r.Done, EstimatedSeconds = Math.Round(r.Seconds, 1) }),
            }));
            return CommandLine.Done;
        }
        output.WriteLine($"{run.Study.Name}: {run.Study.Question}");
        var width = rows.Max(r => r.Stage.Label.Length);
        foreach (var r in rows)
            output.WriteLine(
                $"  {r.Stage.Label.PadRight(width)}  "
                + $"{(r.Done ? "done" : "~ " + Human.Duration(TimeSpan.FromSeconds(r.Seconds))),10}  {r.Stage.Id}");
        output.WriteLine(
            $"{rows.Count} stages, {rows.Count - open.Count} done; the rest: about "
            + $"{Human.Duration(left)}"
            + $"{(jobs > 1 ? $", {jobs} stages at once," : "")} and {Human.Bytes(bytes)} "
            + $"(estimates{(costs.Measured ? " from what ran here" : ", nothing was measured here yet")})");
        if (minutes is { } m && run.Existing?.Budget is null)
            output.WriteLine(
                FormattableString.Invariant(
                    $"--minutes {m}: at the first start kimg and epochs are fitted to the time, by measuring; the table is of the study's own"));
        output.WriteLine($"results would go to {run.Folder}");
        return CommandLine.Done;
    }
}
