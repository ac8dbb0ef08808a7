using Understudy.Reporting;
using Understudy.Studies;
using Understudy.Synthesis;

namespace Understudy.Tests.Studies;

/// <summary>studies/fer2013.yaml, as it is in the repository.</summary>
public sealed class Fer2013StudyTests
{
    private static Study Read(params string[] changes) =>
        StudyFile.Read(Path.Combine(Repository.Root, "studies", "fer2013.yaml"), "archive.zip", changes);

    [Fact]
    public void Sets_TheProposalsNumber_SpreadEvenlyOverSevenClasses()
    {
        Assert.All(Read().Sets, s => Assert.Equal((28709, 48), (s.Count, s.Size)));
        Assert.Equal([4102, 4102, 4101, 4101, 4101, 4101, 4101], Sampler.EvenCounts(28709, 7));
    }

    [Fact]
    public void Plan_DoubledSet_DrawsItsHalvesBySeedsOfTheirOwn()
    {
        var plan = Plan.Make(Read(), 0, _ => "content");
        var halves = plan.Stages.Where(s => s.Label is "set s64" or "set s64-more").ToList();

        Assert.Equal(halves[0].Of("generator").Id, halves[1].Of("generator").Id);
        Assert.NotEqual(halves[0].Seed, halves[1].Seed);
        Assert.Equal(halves.Select(h => h.Id),
            plan.Stages.Single(s => s.Label == "selection s64x2").Inputs.Where(i =>
                i.Name.StartsWith("set", StringComparison.Ordinal)).Select(i => i.Id));
    }

    [Fact]
    public void Classifiers_EveryArm_IsTaughtEquallyLong() =>
        Assert.All(Read().Classifiers, c => Assert.NotNull(c.Options.Steps));

    [Fact]
    public void Reference_TheProposalsTable_HasSixRowsAsTheyWereAveraged()
    {
        var rows = Read().References;

        Assert.Equal(
            [Averaging.Macro, Averaging.Macro, Averaging.Macro, Averaging.Weighted, Averaging.Weighted, Averaging.Weighted],
                rows.Select(r => r.Average));
        Assert.Equal([.4553, .2354, .2940, .61, .29, .15], rows.Select(r => r.Accuracy!.Value));
        Assert.Equal(.4145 + .2120 + .2326 + .62 + .40 + .17, rows.Sum(r => r.Precision!.Value), 1e-12);
    }

    [Fact]
    public void Scoring_WithoutVotes_IsAskedForAndNotPlanned()
    {
        var study = Read();

        Assert.True(study.Scoring is { Deduplicated: true, WantsFerplus: true, Ferplus: null });
        Assert.Equal(["copies"],
            Plan.Make(study, 0, _ => "content").Report.Inputs.Select(i => i.Name)
                .Where(n => n is StageInputs.Copies or StageInputs.Votes));
    }

    [Fact]
    public void Scoring_WithVotes_FollowsTheirContent()
    {
        string Votes(string content) =>
            Plan.Make(Read("scoring.ferplus=votes.csv"), 0,
                p => p == "votes.csv" ? content : "same").Report.Of(StageInputs.Votes).Id;

        Assert.NotEqual(Votes("1"), Votes("2"));
    }

    [Theory]
    [InlineData("arms.s64x2.against=s65", "--set arms.s64x2.against: arms.s64x2.against: there is no 's65'")]
    [InlineData("scoring.threshold=2", "scoring.threshold: 2 is out of range; give 0.5 to 1")]
    [InlineData("scoring.votes=most", "--set scoring.votes: scoring.votes must be one of majority, plurality, not 'most'")]
    [InlineData("sets.s32.size=4", "sets.s32.size: 4 is out of range; give 8 to 1024")]
    [InlineData("split.keep_copies_together=maybe",
        "--set split.keep_copies_together: split.keep_copies_together must be true or false, not 'maybe'")]
    [InlineData("reference=[{accuracy: 1}]", "--set reference: missing key 'name' in reference[0]")]
    public void Read_Faults_AreNamed(string change, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(change)).Message, StringComparison.Ordinal);
}
