using Understudy.Data;
using Understudy.Studies;
using Understudy.Studies.Stages;

namespace Understudy.Tests.Studies;

public sealed class PlanTests
{
    private const string Yaml = """
        name: small
        question: Does it work?
        data: { source: toy, count: 100 }
        generators:
          a: { preset: cpu-tiny, kimg: 20 }
        sets:
          synthetic: { generator: a, count: 70 }
        arms:
          real: { train_on: [real] }
          synthetic: { train_on: [synthetic] }
          shuffled: { train_on: [real], labels: shuffled }
        classifiers:
          net: { recipe: screening }
        seeds: 2
        """;

    [Fact]
    public void Make_Study_PutsInputsFirstAndSharesEqualWork()
    {
        var plan = Make(Yaml);

        Assert.Equal(
            ["draw faces", "split", "generator a", "selection real", "classifier real/net/0", "test real/net/0",
                "classifier real/net/1", "test real/net/1",
            "set synthetic", "selection synthetic", "classifier synthetic/net/0", "test synthetic/net/0",
            "classifier synthetic/net/1", "test synthetic/net/1",
            "selection shuffled/0", "classifier shuffled/net/0", "test shuffled/net/0", "selection shuffled/1",
            "classifier shuffled/net/1", "test shuffled/net/1",
            "report"], plan.Stages.Select(s => s.Label));
        var seen = new HashSet<string>();
        foreach (var stage in plan.Stages)
        {
            Assert.All(stage.Inputs, i => Assert.Contains(i.Id, seen));
            Assert.True(seen.Add(stage.Id));
        }
    }

    [Theory]
    [InlineData("kimg: 20", "kimg: 21", "draw faces, split, selection real, classifier real/net/0")]
    [InlineData("count: 70", "count: 71", "draw faces, split, generator a, classifier real/net/0")]
    [InlineData("count: 100", "count: 101", "")]
    [InlineData("recipe: screening", "recipe: screening, epochs: 3",
        "draw faces, split, generator a, set synthetic, selection real")]
    [InlineData("labels: shuffled", "labels: own", "draw faces, generator a, classifier real/net/0, classifier synthetic/net/0")]
    [InlineData("seeds: 2", "seeds: [1, 2]", "draw faces, generator a, classifier real/net/1")]
    [InlineData("  synthetic: { generator: a, count: 70 }", "  synthetic: { generator: a, count: 70, per_seed: true }",
        "generator a, classifier real/net/0")]
    [InlineData("count: 70", "count: 70, snapshot: best", "draw faces, generator a, classifier real/net/0")]
    public void Make_ChangedOption_KeepsOnlyWhatDoesNotDependOnIt(string from, string to, string kept)
    {
        var before = Make(Yaml).Stages.ToDictionary(s => s.Label, s => s.Id);
        var after = Make(Yaml.Replace(from, to, StringComparison.Ordinal)).Stages.ToLookup(s => s.Label, s => s.Id);

        foreach (var label in kept.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            Assert.Equal(before[label], after[label].Single());
        Assert.NotEqual(before["report"], after["report"].Single());
        if (kept.Length == 0) Assert.Empty(before.Values.Intersect(after.SelectMany(a => a)));
    }

    [Theory]
    [InlineData("kimg: 20", "generator a,set synthetic,selection synthetic,classifier synthetic/net/0,test synthetic/net/1")]
    public void Make_ChangedGenerator_ChangesAllThatDependsOnIt(string option, string changed)
    {
        var before = Make(Yaml).Stages.ToDictionary(s => s.Label, s => s.Id);
        var after = Make(Yaml.Replace(option, "kimg: 5", StringComparison.Ordinal)).Stages.ToDictionary(s => s.Label, s => s.Id);

        Assert.All(changed.Split(','), label => Assert.NotEqual(before[label], after[label]));
    }

    [Fact]
    public void Make_GeneratorFromAnEarlierOne_ComesAfterItAndChangesWithIt()
    {
        var yaml = Yaml.Replace("  a: { preset: cpu-tiny, kimg: 20 }",
            "  first: { preset: cpu-tiny, kimg: 20, condition: none }\n  a: { preset: cpu-tiny, kimg: 20, from: first }",
                StringComparison.Ordinal);
        var (plain, plan) = (Make(Yaml), Make(yaml));
        var later = Make(yaml.Replace("kimg: 20, condition", "kimg: 30, condition", StringComparison.Ordinal));

        var (first, second) = (Of(plan, "generator first"), Of(plan, "generator a"));
        Assert.Equal(first.Id, second.Of("start").Id);
        Assert.Equal(3, new[] { Of(plain, "generator a").Id, second.Id, Of(later, "generator a").Id }.Distinct().Count());

        static Stage Of(Plan plan, string label) => plan.Stages.Single(s => s.Label == label);
    }

    [Theory]
    [InlineData("kimg: 20, judge: net", "count: 70, snapshot: best", "real no, synthetic yes, shuffled no")]
    [InlineData("kimg: 20, judge: net", "count: 70", "real no, synthetic no, shuffled no")]
    [InlineData("kimg: 20", "count: 70, snapshot: best", "real no, synthetic no, shuffled no")]
    public void Make_SetOfTheMomentThatAJudgeChose_IsRealAssisted(string generator, string set, string expected)
    {
        var plan = Make(Yaml.Replace("kimg: 20", generator, StringComparison.Ordinal)
            .Replace("count: 70", set, StringComparison.Ordinal)
            + "\nsplit: { generator: 0.5, judge: 0.2, validation: 0.1, test: 0.2 }");

        Assert.Equal(expected,
            string.Join(", ",
                plan.Report.Read<ReportStageOptions>().Arms.Select(a => $"{a.Name} {(a.RealAssisted ? "yes" : "no")}")));
    }

    [Fact]
    public void Make_GeneratorFromAFile_IsKnownByItsContent()
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp["start.safetensors"], "");
        var study = StudyFile.Parse(
            Yaml.Replace("kimg: 20", $"kimg: 20, from: '{temp["start.safetensors"]}'", StringComparison.Ordinal), "x");

        var stage = Plan.Make(study, 0, _ => "c1").Stages.Single(s => s.Kind == "generator");

        Assert.Equal(temp["start.safetensors"], stage.Location);
        Assert.Contains("\"start\":\"c1\"", stage.Options, StringComparison.Ordinal);
        Assert.Equal(stage.Id, Plan.Make(study, 0, _ => "c1").Stages.Single(s => s.Kind == "generator").Id);
        Assert.NotEqual(stage.Id, Plan.Make(study, 0, _ => "c2").Stages.Single(s => s.Kind == "generator").Id);
    }

    [Fact]
    public void Make_Judge_IsTrainedOnItsRoleBeforeTheGenerator()
    {
        const string split = "\nsplit: { generator: 0.5, judge: 0.2, validation: 0.1, test: 0.2 }";
        var judged = Yaml.Replace("kimg: 20", "kimg: 20, judge: net", StringComparison.Ordinal) + split;
        var plan = Make(judged);
        var (stages, without) = (plan.Stages.ToDictionary(s => s.Label), Make(Yaml + split).Stages.ToDictionary(s => s.Label));

        Assert.Equal(["draw faces", "split", "selection judge", "judge net", "generator a"],
            plan.Stages.Take(5).Select(s => s.Label));
        Assert.Equal([new TrainingPart("real", 1, Role.Judge)], stages["selection judge"].Read<SelectStageOptions>().Parts);
        Assert.Equal(("classifier", stages["selection judge"].Id),
            (stages["judge net"].Kind, stages["judge net"].Of("selection").Id));
        Assert.Equal(stages["classifier real/net/0"].Options, stages["judge net"].Options);
        Assert.DoesNotContain(stages["judge net"].Seed,
            plan.Stages.Where(s => s.Label.StartsWith("classifier ", StringComparison.Ordinal)).Select(s => s.Seed));
        Assert.Equal(stages["judge net"].Id, stages["generator a"].Of("judge").Id);
        // The doctor sees it, and times are told of it.
        Assert.Equal(stages["judge net"].Id, plan.Report.Of("classifier judge/net").Id);
        // Another generator, and nothing else that does not read it.
        Assert.NotEqual(without["generator a"].Id, stages["generator a"].Id);
        Assert.Equal(without["classifier real/net/0"].Id, stages["classifier real/net/0"].Id);
        // Two generators share one.
        Assert.Single(
            Make(judged.Replace("sets:", "  b: { preset: cpu-tiny, kimg: 30, judge: net }\nsets:",
                StringComparison.Ordinal)).Stages, s => s.Label == "judge net");
    }

    [Fact]
    public void Make_RenamedArmAndGenerator_DoesNoTrainingAnew()
    {
        var before = Make(Yaml).Stages.Where(s => s.Kind is "generator" or "classifier" or "predict").Select(s => s.Id);
        var renamed = Yaml.Replace("  a: {", "  big: {", StringComparison.Ordinal)
            .Replace("generator: a", "generator: big", StringComparison.Ordinal)
            .Replace("  real: {", "  truth: {", StringComparison.Ordinal)
            .Replace("name: small", "name: other", StringComparison.Ordinal);

        Assert.Equal(before,
            Make(renamed).Stages.Where(s => s.Kind is "generator" or "classifier" or "predict").Select(s => s.Id));
    }

    [Fact]
    public void Make_OtherSpellingOfTheSameStudy_IsTheSamePlan()
    {
        var spelled = "# a comment\n"
            + Yaml.Replace("data: { source: toy, count: 100 }", "data:\n  count: 1_00\n  size: 48\n  source: toy",
                StringComparison.Ordinal)
            .Replace("kimg: 20", "batch: 16, kimg: 2e1", StringComparison.Ordinal)
            .Replace("seeds: 2", "test: test\nseeds: [0, 1]", StringComparison.Ordinal);

        Assert.Equal(Make(Yaml).Hash, Make(spelled).Hash);
    }

    [Fact]
    public void Make_OtherRootSeed_SharesNothing() =>
        Assert.Empty(Make(Yaml).Stages.Select(s => s.Id).Intersect(Make(Yaml, 1).Stages.Select(s => s.Id)));

    [Fact]
    public void Make_Seeds_PairArmsAndSeparatePurposes()
    {
        var seeds = Make(Yaml).Stages.ToDictionary(s => s.Label, s => s.Seed);

        Assert.Equal(seeds["classifier real/net/1"], seeds["classifier shuffled/net/1"]);
        Assert.NotEqual(seeds["classifier real/net/0"], seeds["classifier real/net/1"]);
        Assert.NotEqual(seeds["generator a"], seeds["set synthetic"]);
    }

    [Fact]
    public void Id_OfAStageWithOtherOptions_IsAnother()
    {
        var stage = Make(Yaml).Stages[2];
        var before = stage.Id;

        Assert.NotEqual(before, (stage with { Options = "{}" }).Id);
        Assert.NotEqual(before, (stage with { Version = stage.Version + 1 }).Id);
        Assert.NotEqual(before, (stage with { Inputs = [] }).Id);
        Assert.Equal(before, (stage with { Label = "other", Location = "elsewhere" }).Id);
    }

    [Fact]
    public void Make_DataPath_IsKnownByContentNotByPlace()
    {
        var yaml = Yaml.Replace("{ source: toy, count: 100 }", "{ source: one.zip }", StringComparison.Ordinal);
        var study = StudyFile.Parse(yaml, "x");
        var elsewhere = StudyFile.Parse(yaml, "x", "two.zip");

        Assert.Equal(Plan.Make(study, 0, _ => "c1").Hash, Plan.Make(elsewhere, 0, _ => "c1").Hash);
        Assert.NotEqual(Plan.Make(study, 0, _ => "c1").Hash, Plan.Make(study, 0, _ => "c2").Hash);
    }

    private static Plan Make(string yaml, ulong seed = 0) =>
        Plan.Make(StudyFile.Parse(yaml, "x"), seed, _ => throw new InvalidOperationException("no path to hash"));
}
