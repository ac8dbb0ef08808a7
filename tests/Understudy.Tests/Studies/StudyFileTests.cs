using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.StyleGan2;
using Understudy.Studies;
using Understudy.Training.Classification;

namespace Understudy.Tests.Studies;

public sealed class StudyFileTests
{
    private const string Good = """
        name: small
        question: Does it work?
        data:
          source: toy
          count: 100
        generators:
          g32: { preset: cpu-tiny, resolution: 32, kimg: 20 }
        sets:
          synthetic: { generator: g32, count: 70, psi: 0.7, noise: const }
        arms:
          real: { train_on: [real] }
          both: { train_on: [real, { set: synthetic, fraction: 0.5 }] }
          control: { train_on: [real], labels: shuffled }
        classifiers:
          screening: { recipe: screening, epochs: 2, augment: { flip: false } }
          deep: { arch: recipe-a, arms: [real], seeds: [7] }
        seeds: [0, 3]
        """;

    [Fact]
    public void Parse_WholeStudy_KeepsPresetsAndTakesGivenValues()
    {
        var study = StudyFile.Parse(Good, "studies/x.yaml");

        Assert.Equal(100, study.Data.Toy!.Count);
        Assert.Equal((32, 20, 64),
            (study.Generators[0].Resolution, study.Generators[0].Options.Kimg, study.Generators[0].Options.ChannelMax));
        Assert.Equal(new SetSpec("synthetic", "g32", null, 70, .7, NoiseMode.Const), study.Sets[0]);
        Assert.Equal([new TrainingPart("real"), new TrainingPart("synthetic", .5)], study.Arms[1].TrainOn);
        Assert.Equal(LabelOrigin.Shuffled, study.Arms[2].Labels);
        var recipe = ClassifierOptions.Recipe("screening");
        Assert.Equal(recipe with { Epochs = 2, Augment = recipe.Augment with { Flip = false } }, study.Classifiers[0].Options);
        Assert.Equal(["real"], study.Classifiers[1].Arms!);
        Assert.Equal([7], study.Classifiers[1].Seeds!);
        Assert.Equal([0, 3], study.Seeds);
        Assert.Equal(Role.Test, study.Test);
    }

    [Theory]
    [InlineData("bfloat16", Precision.BFloat16)]
    [InlineData("BFloat16", Precision.BFloat16)]
    [InlineData("float32", Precision.Float32)]
    [InlineData("auto", Precision.Auto)]
    public void Parse_Precision_IsTakenByItsWordInAnyCase(string text, Precision precision)
    {
        var study = StudyFile.Parse(Good, "studies/x.yaml", null,
            [$"classifiers.deep.precision={text}", $"generators.g32.precision={text}"]);

        Assert.Equal((precision, precision), (study.Classifiers[1].Options.Precision, study.Generators[0].Options.Precision));
    }

    [Fact]
    public void Read_WithoutPath_IsTheToyStudyOfTheRepository()
    {
        var study = StudyFile.Read(null);

        Assert.Equal("toy", study.Name);
        Assert.Equal(["real", "synthetic", "shuffled"], study.Arms.Select(a => a.Name));
        Assert.Equal(3, study.Seeds.Count);
    }

    [Theory]
    [InlineData("epochs: 2", "epoch: 2", "unknown key 'epoch' in classifiers.screening; did you mean 'epochs'?", 15)]
    [InlineData("epochs: 2", "epochs: two", "classifiers.screening.epochs must be a whole number, not 'two'", 15)]
    [InlineData("epochs: 2", "epochs: '2'", "classifiers.screening.epochs must be a whole number, not '2'", 15)]
    [InlineData("epochs: 2", "epochs: [2]", "classifiers.screening.epochs must be a whole number, not a list", 15)]
    [InlineData("epochs: 2", "epochs: 0", "classifiers.screening.epochs: 0 is out of range; give 1 to 100000", 15)]
    [InlineData("epochs: 2", "epochs:", "classifiers.screening.epochs has no value; give a whole number, or remove the key", 15)]
    [InlineData("flip: false", "flip: perhaps", "classifiers.screening.augment.flip must be true or false, not 'perhaps'", 15)]
    [InlineData("flip: false", "shift: 99", "classifiers.screening.augment.shift: 99 is out of range; give 0 to 64", 15)]
    [InlineData("kimg: 20", "kimg: .nan", "generators.g32.kimg must be a number, not '.nan'", 7)]
    [InlineData("kimg: 20", "kimg: 1e400", "generators.g32.kimg must be a number, not '1e400'", 7)]
    [InlineData("kimg: 20", "precision: float64",
        "generators.g32.precision must be one of float32, bfloat16, auto, not 'float64'", 7)]
    [InlineData("kimg: 20", "frozen_blocks: 1",
        "generators.g32.frozen_blocks: 1 needs networks to start from, else random ones are held still; give from", 7)]
    [InlineData("kimg: 20", "from: g31", "generators.g32.from: 'g31' is neither a generator above it nor a path", 7)]
    [InlineData("kimg: 20", "from: g32", "generators.g32.from: 'g32' is neither a generator above it nor a path", 7)]
    [InlineData("psi: 0.7", "snapshot: first", "sets.synthetic.snapshot must be one of last, best, not 'first'", 9)]
    [InlineData("kimg: 20", "kimg: 20, kimg: 21", "key 'kimg' is given twice", 7)]
    [InlineData("cpu-tiny", "cpu-huge",
        "generators.g32.preset: 'cpu-huge' is not known; one of: cpu-tiny, cpu-small, cpu-base, paper-auto, paper-cifar", 7)]
    [InlineData("resolution: 32", "resolution: 4", "generators.g32.resolution: 4 is out of range; give 8 to 1024", 7)]
    [InlineData("generator: g32", "generator: g23", "sets.synthetic.generator: there is no 'g23'; did you mean 'g32'?", 9)]
    [InlineData("generator: g32", "path: a.zip, generator: g32",
        "sets.synthetic needs a generator of the study, or a path, and not both", 9)]
    [InlineData("generator: g32", "path: a.zip", "sets.synthetic.count is about images that a generator of the study draws; those of a path "
        + "are taken as they are (understudy data import changes them)", 9)]
    [InlineData("count: 70", "count: 0", "sets.synthetic.count: 0 is out of range; give 1 to 10000000", 9)]
    [InlineData("psi: 0.7", "psi: -3", "sets.synthetic.psi: -3 is out of range; give -2 to 2", 9)]
    [InlineData("synthetic: { g", "real: { g", "sets.real: 'real' is the name of the data's own images; choose another", 9)]
    [InlineData("real: { train_on: [real]", "real: { train_on: [reel]",
        "arms.real.train_on: there is no set 'reel'; did you mean 'real'?", 11)]
    [InlineData("real: { train_on: [real]", "real: { train_on: real",
        "arms.real.train_on must be a list, such as [real] or [real, synthetic]", 11)]
    [InlineData("fraction: 0.5", "fraction: 1.5", "arms.both.train_on.fraction: 1.5 is out of range; give 1E-06 to 1", 12)]
    [InlineData("labels: shuffled", "labels: mixed", "arms.control.labels must be one of own, shuffled, not 'mixed'", 13)]
    [InlineData("arms: [real]", "arms: [none]", "classifiers.deep.arms: there is no 'none'; known: real, both, control", 16)]
    [InlineData("seeds: [0, 3]", "seeds: 0",
        "seeds: give a number of seeds of 1 or more, or a list of different ones, such as [0, 1, 2]", 17)]
    [InlineData("seeds: [0, 3]", "seeds: 2000", "seeds: 2000 is out of range; give 1 to 1000 seeds, or a list", 17)]
    [InlineData("seeds: [0, 3]", "seeds: [1, 1]",
        "seeds: give a number of seeds of 1 or more, or a list of different ones, such as [0, 1, 2]", 17)]
    [InlineData("seeds: [0, 3]", "test: tests", "test must be one of generator, judge, validation, holdout, test, not 'tests'",
        17)]
    [InlineData("seeds: [0, 3]", "split: { test: 0.9 }",
        "split: the shares sum to 1.7; give generator, judge, validation, holdout and test shares that sum to 1", 17)]
    [InlineData("seeds: [0, 3]", "seed: 3", "unknown key 'seed'; did you mean 'seeds'?", 17)]
    [InlineData("source: toy", "sauce: toy", "missing key 'source' in data; give toy, or a path", 4)]
    [InlineData("name: small", "name: ../up", "name: '../up' names a folder; use letters, digits, '-', '_' and '.'", 1)]
    [InlineData("question: Does it work?", "", "missing key 'question'", 1)]
    [InlineData("seeds: [0, 3]", "---\nname: b", "a second document begins; a study file has one (remove the '---')", 17)]
    [InlineData("count: 100", "count: &a 100", "anchors (&name) are not taken; write the value out", 5)]
    [InlineData("count: 100", "count: *a", "aliases (*name) are not taken; write the value out", 5)]
    [InlineData("count: 100", "count: !!int 100", "tags (tag:yaml.org,2002:int) are not taken; leave it out", 5)]
    [InlineData("count: 100", "? [a] : b", "a key is a word, not a list", 5)]
    public void Parse_Fault_NamesFileLineAndFix(string good, string bad, string message, int line)
    {
        var e = Assert.Throws<InvalidDataException>(() =>
            StudyFile.Parse(Good.Replace(good, bad, StringComparison.Ordinal), "studies/x.yaml"));

        Assert.Equal($"studies/x.yaml:{line}: {message}", e.Message);
    }

    /// <summary>As <see cref="Good"/>, with a judge.</summary>
    private static readonly string Judged = Good.Replace("kimg: 20", "kimg: 20, judge: deep", StringComparison.Ordinal)
        + "\nsplit: { generator: 0.5, judge: 0.2, validation: 0.1, test: 0.2 }";

    [Fact]
    public void Parse_Judge_IsAClassifierOfTheStudy()
    {
        Assert.Equal("deep", StudyFile.Parse(Judged, "x").Generators[0].Judge);
        Assert.Null(StudyFile.Parse(Good, "x").Generators[0].Judge);
        // One that is nothing but a judge.
        Assert.Empty(StudyFile.Parse(Judged, "x", null, ["classifiers.deep.arms=[]"]).Classifiers[1].Arms!);
    }

    [Theory]
    [InlineData("judge: deep", "judge: deeep", "there is no 'deeep'; did you mean 'deep'?")]
    [InlineData("judge: deep", "judge: real", "there is no 'real'; known: screening, deep")]
    [InlineData("judge: 0.2, validation: 0.1", "validation: 0.3",
        "the split keeps no images for judges; give it a share, such as judge: 0.2")]
    [InlineData("judge: deep", "judge: deep, train_on: [generator, judge]",
        "train_on holds judge: a judge knows the images it was trained on too well to measure by them; leave that role to it")]
    [InlineData("arch: recipe-a", "arch: mini-xception",
        "mini-xception has no linear last layer whose input could be measured in; name a classifier of another arch")]
    public void Parse_FaultyJudge_NamesLineAndFix(string good, string bad, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() =>
            StudyFile.Parse(Judged.Replace(good, bad, StringComparison.Ordinal), "studies/x.yaml"));

        Assert.Equal($"studies/x.yaml:7: generators.g32.judge: {message}", e.Message);
    }

    [Theory]
    [InlineData("", "x: is empty; see studies/toy.yaml for what a study holds")]
    [InlineData("- a", "x:1: a study is a mapping of keys to values, not a list")]
    [InlineData("a: [b", "x:2: not YAML: ")]
    [InlineData("a:\n  b: \tc: d", "x:2: not YAML: ")]
    public void Parse_NoStudy_SaysWhatItIs(string text, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() => StudyFile.Parse(text, "x"));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HugeOrDeepText_IsRefused()
    {
        Assert.Contains("at most 1,048,576",
            Assert.Throws<InvalidDataException>(() => StudyFile.Parse(new('a', 2_000_000), "x")).Message,
                StringComparison.Ordinal);
        Assert.Contains("nested deeper than 20",
            Assert.Throws<InvalidDataException>(() => StudyFile.Parse("a: " + new string('[', 10_000), "x")).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generators.g32.kimg=33", 33)]
    [InlineData("generators.g32={preset: cpu-tiny, kimg: 34}", 34)]
    public void Parse_Changes_ReplaceValues(string change, double kimg) =>
        Assert.Equal(kimg, StudyFile.Parse(Good, "x", null, [change]).Generators[0].Options.Kimg);

    [Theory]
    [InlineData("generators.g33.kimg=1", "--set generators.g33.kimg: the study has no mapping 'g33'; did you mean 'g32'?")]
    [InlineData("generators.g32.kimgs=1",
        "--set generators.g32.kimgs: unknown key 'kimgs' in generators.g32; did you mean 'kimg'?")]
    [InlineData("generators.g32.kimg=much", "--set generators.g32.kimg: generators.g32.kimg must be a number, not 'much'")]
    public void Parse_FaultyChange_NamesIt(string change, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => StudyFile.Parse(Good, "x", null, [change])).Message);

    [Fact]
    public void Parse_ChangeWithoutValue_IsTheCallersMistake() =>
        Assert.Equal("--set kimg: give key=value, such as generators.g24.kimg=20",
            Assert.Throws<OptionException>(() => StudyFile.Parse(Good, "x", null, ["kimg"])).Message);

    [Fact]
    public void Parse_DataPath_ReplacesTheSourceAndKeepsHowItIsRead()
    {
        var drawn = StudyFile.Parse(Good, "x", "faces.zip");
        var read = StudyFile.Parse(
            Good.Replace("  source: toy\n  count: 100", "  source: old.zip\n  size: 48\n  channels: 1",
                StringComparison.Ordinal), "x", "faces.zip");

        Assert.Equal(new DataSpec(null, "faces.zip", ImageReading.AsIs), drawn.Data);
        Assert.Equal(new DataSpec(null, "faces.zip", ImageReading.Square(48, 1)), read.Data);
    }

    [Fact]
    public void Read_MissingFileOrFolder_SaysSo()
    {
        Assert.Equal("nowhere.yaml: no such study file; studies/ holds some, and without a name the built-in toy study runs",
            Assert.Throws<FileNotFoundException>(() => StudyFile.Read("nowhere.yaml")).Message);
        var temp = Path.GetTempPath();
        Assert.Equal($"{temp}: is a folder; name a study file, such as studies/toy.yaml",
            Assert.Throws<OptionException>(() => StudyFile.Read(temp)).Message);
    }
}
