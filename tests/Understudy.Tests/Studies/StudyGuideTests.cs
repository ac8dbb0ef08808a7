using System.Reflection;
using System.Text.RegularExpressions;
using Understudy.Data;
using Understudy.Reporting;
using Understudy.Studies;
using Understudy.Studies.Yaml;

namespace Understudy.Tests.Studies;

/// <summary>docs/guide/studies.md is where a user looks for what a study file takes.</summary>
public sealed class StudyGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "studies.md"));

    [Theory]
    [InlineData(typeof(ImageReading), "height", "width")]
    [InlineData(typeof(ToyFacesOptions), "seed")]
    [InlineData(typeof(SplitOptions), "seed")]
    [InlineData(typeof(SetSpec), "name")]
    [InlineData(typeof(TrainingPart))]
    [InlineData(typeof(ScoringSpec), "wants_ferplus")]
    [InlineData(typeof(ReferenceRow))]
    public void Guide_EveryKeyOfARecord_IsInIt(Type record, params string[] except)
    {
        var keys = record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)
            .Select(p => YamlBinder.KeyOf(p.Name)).Except(except);
        Assert.All(keys, key => Assert.Matches($"[`{{ ]{Regex.Escape(key)}[`:]", Guide));
    }

    [Theory]
    [InlineData("name", "question", "data", "split", "generators", "sets", "arms", "classifiers", "seeds", "test", "scoring",
        "reference")]
    [InlineData("preset", "resolution", "train_on", "from", "judge")]
    [InlineData("labels", "description", "against")]
    [InlineData("recipe", "arch")]
    [InlineData("source", "keep_copies_together")]
    public void Guide_EveryKeyReadByHand_IsInIt(params string[] keys) =>
        Assert.All(keys, key => Assert.Contains($"`{key}`", Guide, StringComparison.Ordinal));

    /// <summary>The two studies that most people want are there to be copied: they have to be right.</summary>
    [Fact]
    public void Guide_ItsStudy_IsOne()
    {
        var text = Regex.Match(Guide, "```yaml\n(name: .*?)```", RegexOptions.Singleline).Groups[1].Value;
        var study = StudyFile.Parse(text, "studies.md");
        Assert.Equal(["real", "stand-in", "both", "shuffled"], study.Arms.Select(a => a.Name));
        Assert.Equal(3, study.Seeds.Count);
    }
}
