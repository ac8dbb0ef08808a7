using System.Text.Json.Nodes;
using Understudy.Common;
using Understudy.Data;
using Understudy.Studies;
using Understudy.Studies.Stages;

namespace Understudy.Tests.Studies;

/// <summary>
/// studies/ablation.yaml, as it is in the repository: options are chosen by it, so that the official test part must stay out of
/// it.
/// </summary>
public sealed class AblationStudyTests
{
    private static readonly Study s_study =
        StudyFile.Read(Path.Combine(Repository.Root, "studies", "ablation.yaml"), "archive.zip");

    [Fact]
    public void Split_OfAnArchiveWithATestPart_ComparesOnTrainingImagesOnly()
    {
        var set = new ImageSet(new(["a", "b"]), new(1, 1, 1), [.. Enumerable.Range(0, 240).Select(i => $"id{i:000}")],
            [.. Enumerable.Range(0, 240).Select(i => i % 2)],
            new byte[240], [.. Enumerable.Range(0, 240).Select(i => i < 200 ? "train" : "test")]);
        var split = Splitter.Make(set, s_study.Split.Shares);

        Assert.Equal(Enumerable.Range(200, 40), split.Indices(set, Role.Test));
        Assert.Equal([160, 0, 20, 20],
            new[] { Role.Generator, Role.Judge, Role.Validation, Role.Holdout }.Select(r => split.Indices(set, r).Length));
        Assert.All(split.Indices(set, s_study.Test), i => Assert.Equal("train", set.Parts![i]));
    }

    [Fact]
    public void Plan_EveryStage_AsksNothingOfTheTestPart()
    {
        var plan = Plan.Make(s_study, 0, _ => "content");

        var tests = plan.Stages.Where(s => s.Kind == "predict").ToList();
        Assert.Equal(3 * s_study.Classifiers.Count, tests.Count);
        Assert.All(tests, t => Assert.Equal(Role.Holdout, t.Read<PredictStageOptions>().Test));
        Assert.All(s_study.Arms.SelectMany(a => a.TrainOn), p => Assert.Equal(Role.Generator, p.Role));
        Assert.Equal(["classifier", "data", "predict", "report", "select", "split"],
            plan.Stages.Select(s => s.Kind).Distinct().Order());
    }

    /// <summary>
    /// A rule of optimisation comes with its rate; and where one thing is several keys, they are those of augmentation.
    /// </summary>
    [Fact]
    public void Classifiers_EveryRow_ChangesOneThingOfTheRecipe()
    {
        var recipe = Options("recipe");
        foreach (var row in s_study.Classifiers.Select(c => c.Name).Where(n => n != "recipe"))
        {
            var options = Options(row);
            var changed = options.Select(o => o.Key).Union(recipe.Select(o => o.Key))
                .Where(k => !JsonNode.DeepEquals(options[k], recipe[k])).ToList();
            if (row == "adamw") Assert.True(changed.Remove("peak_rate"));
            Assert.True(changed.Count == 1, $"{row}: {string.Join(", ", changed)}");
        }
        Assert.Equal(s_study.Classifiers.Count, s_study.Classifiers.Select(c => c.Options).Distinct().Count());
    }

    private static JsonObject Options(string name) =>
        JsonNode.Parse(StrictJson.WriteLine(s_study.Classifiers.Single(c => c.Name == name).Options))!.AsObject();
}
