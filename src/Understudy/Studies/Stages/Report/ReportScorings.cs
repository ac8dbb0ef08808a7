using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Reporting;

namespace Understudy.Studies.Stages;

/// <summary>The ways a study's tests are scored besides the plain one, from the files of the stages that looked.</summary>
internal static class ReportScorings
{
    public static NotRun NoVotes { get; } = new("FER+ labels",
        "no file of votes was given (--set scoring.ferplus=FILE); understudy evaluate scores the predictions by one, with "
        + "nothing trained anew");

    public static IReadOnlyList<Rescoring> Of(StageContext stage, ReportStageOptions options)
    {
        var scorings = new List<Rescoring>();
        if (options.Scoring.Deduplicated)
        {
            var role = options.Test.Word();
            var copies = IdTable.Read(stage.Input(StageInputs.Copies, CopiesStage.File), "reason");
            scorings.Add(Rescorings.WithoutCopies(copies, $"in a role other than {role}", options.Scoring.Threshold));
        }
        if (options.Scoring.Ferplus is not null)
        {
            var file = stage.Input(StageInputs.Votes, VotesStage.File);
            scorings.Add(Rescorings.ByVotes(
                IdTable.Read(file, "label").Where(l => l.Value != "").ToDictionary(StringComparer.Ordinal),
                IdTable.Read(file, "reason").Where(r => r.Value != "").ToDictionary(StringComparer.Ordinal),
                    options.Scoring.Votes == VoteRule.Majority));
        }
        if (scorings.Count == 2) scorings.Add(scorings[1].And(scorings[0]));
        return scorings;
    }
}
