using Understudy.Data;
using Understudy.Networks;
using Understudy.Studies;
using Understudy.Studies.Stages;
using Understudy.Training.Classification;

namespace Understudy.Tests.Studies;

/// <summary>studies/classifiers.yaml, as it is in the repository, and that every other file beside it can be read.</summary>
public sealed class ClassifiersStudyTests
{
    private static readonly Study s_study =
        StudyFile.Read(Path.Combine(Repository.Root, "studies", "classifiers.yaml"), "archive.zip");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "studies"), "*.yaml").Select(f => Path.GetFileName(f)!)];

    [Theory, MemberData(nameof(Files))]
    public void Read_EveryStudyOfTheRepository_BecomesAPlanOfItsName(string file)
    {
        var study = StudyFile.Read(Path.Combine(Repository.Root, "studies", file));

        Assert.Equal(Path.GetFileNameWithoutExtension(file), study.Name);
        Assert.Equal("report", Plan.Make(study, 0, _ => "content").Report.Kind);
    }

    [Fact]
    public void Plan_RealImagesAlone_HasSevenTrainingsAndNoGenerator()
    {
        var plan = Plan.Make(s_study, 0, _ => "content");

        Assert.Equal(
            ["classifier real/a/0", "classifier real/a/1", "classifier real/a/2", "classifier real/b/0",
                "classifier real/resnet50/0",
            "classifier real/mobilenet-v3-large/0", "classifier real/efficientnet-b0/0"],
                plan.Stages.Where(s => s.Kind == "classifier").Select(s => s.Label));
        Assert.DoesNotContain(plan.Stages, s => s.Kind is "generator" or "generate");
        Assert.All(plan.Stages.Where(s => s.Kind == "predict"), s => Assert.Equal(Role.Test, s.Read<PredictStageOptions>().Test));
    }

    [Fact]
    public void Classifiers_NetworksOfAKnownMake_LearnBySgdAtFullSize()
    {
        var networks = s_study.Classifiers.Skip(2).Select(c => c.Options).ToList();

        Assert.Equal([("resnet50", 22, .05, .2), ("mobilenet-v3-large-48", 20, .1, .3), ("efficientnet-b0-48", 12, .05, .2)],
            networks.Select(o => (o.Arch, o.Epochs, o.PeakRate, o.Dropout)));
        var shared = ClassifierOptions.For("resnet50").AtSize(48) with
        {
            Batch = 64,
            Precision = Precision.Auto,
            Augment = new() { Erasing = 0, Shift = 2 },
        };
        Assert.Equal(ClassifierOptimiser.Sgd, shared.Optimiser);
        Assert.All(networks, o => Assert.Equal(shared with { Epochs = o.Epochs },
            o with { Arch = "resnet50", PeakRate = shared.PeakRate, Dropout = shared.Dropout }));
    }

    [Fact]
    public void Report_RowsOfOneArm_AreNamedByTheirClassifiersAndSayWhatDiffers()
    {
        var study = s_study with
        {
            Classifiers = [s_study.Classifiers[0],
            s_study.Classifiers[0] with { Name = "mixed",
                Options = s_study.Classifiers[0].Options with { Mixup = 1, Steps = 9000 } }]
        };
        var rows = Plan.Make(study, 0, _ => "content").Report.Read<ReportStageOptions>().Arms;

        Assert.Equal([("a", "a", ""), ("mixed", "mixed", "steps 9000, mixup 1")],
            rows.Select(r => (r.Name, r.Classifier, r.Differs!)));
        Assert.All(rows, r => Assert.Equal("the real training images", r.Description));
        var two = study with
        {
            Arms =
            [.. study.Arms, study.Arms[0] with { Name = "half", TrainOn = [new(TrainingPart.Real, .5)] }]
        };
        Assert.Equal([("real, a", null), ("half, a", null), ("real, mixed", null), ("half, mixed", (string?)null)],
            Plan.Make(two, 0, _ => "content").Report.Read<ReportStageOptions>().Arms.Select(r => (r.Name, r.Differs)));
        var one = study with { Classifiers = [study.Classifiers[0]] };
        Assert.Equal([("real", null)],
            Plan.Make(one, 0, _ => "content").Report.Read<ReportStageOptions>().Arms.Select(r => (r.Name, r.Differs)));
    }
}
