using Understudy.Common;
using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Augmentation;

namespace Understudy.Tests.Training;

public sealed class GanTrainingOptionsTests
{
    private static readonly ImageShape s_grey32 = new(1, 32, 32);

    [Fact]
    public void Preset_EachName_IsValidAndItsOwn()
    {
        var all = GanTrainingOptions.Presets.Select(GanTrainingOptions.Preset).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, o => o.Resolve(s_grey32, 7));
        // One recipe in three widths, but for the step of the narrowest.
        Assert.Equal([0.005, 0.0025, 0.0025], all[..3].Select(o => o.LearningRate));
        Assert.All(all[1..3], o => Assert.Equal(all[0],
            o with { ChannelBase = all[0].ChannelBase, ChannelMax = all[0].ChannelMax, LearningRate = all[0].LearningRate }));
    }

    /// <summary>The paper's table: γ = .0002·64²/32 for "auto" at 64 pixels.</summary>
    [Fact]
    public void Preset_Papers_AreTheTables()
    {
        var auto = GanTrainingOptions.Preset("paper-auto").Resolve(new(3, 64, 64), 1);
        Assert.Equal((32, 4, 16384, 512, 0.0025, 0.0256, 10),
            (auto.Batch, auto.StddevGroup, auto.ChannelBase, auto.ChannelMax, auto.LearningRate, auto.Gamma!.Value,
                auto.EmaKimg));
        Assert.Equal((4, 0.9, 0.05, 2, 512, 512),
            (auto.PathLengthInterval, auto.MixingProbability, auto.EmaRamp, auto.MappingLayers, auto.ZDim, auto.WDim));
        var cifar = GanTrainingOptions.Preset("paper-cifar").Resolve(new(3, 32, 32), 10);
        Assert.Equal((64, 32, 32768, 512, 0.0025, 0.01, 500),
            (cifar.Batch, cifar.StddevGroup, cifar.ChannelBase, cifar.ChannelMax, cifar.LearningRate, cifar.Gamma!.Value,
                cifar.EmaKimg));
        Assert.Equal((0, 0, 2, Understudy.Networks.StyleGan2.Architecture.Orig),
            (cifar.PathLengthInterval, cifar.MixingProbability, cifar.MappingLayers, cifar.DiscriminatorArchitecture));
        Assert.All(new[] { auto, cifar },
            o => Assert.Equal((AugmentKind.Bgc, 0.6, 500, 1), (o.Augment, o.AdaTarget, o.AdaKimg, o.AdaCeiling)));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "real_target", "real_target: 0.4 is out of range; give 0.5 to 1" },
        { "smoothed pairs", "real_target: 0.9 needs loss: nonsaturating; the relativistic loss has no target" },
        { "balanced pairs",
            "fake_labels: balanced needs loss: nonsaturating; the relativistic loss pairs each fake with a real of its class" },
        { "scalar head", "class_weight: 0.5 needs condition: classes; a scalar names no class to the head: set class_weight=0" },
        { "scalar mismatch", "mismatch_weight: 1 needs condition: classes, not a scalar" },
        { "no head", "generator_class_weight: 0.2 needs a class head: set class_weight" },
        { "fade", "condition_end_kimg: 10 comes before condition_start_kimg, 20; give the same or more" },
        { "nothing to steer", "ada_target: 0.6 needs an augment to steer; set augment=bgc, or ada_target=0" },
        { "steered pairs",
            "ada_target: 0.6 steers by the sign of D(real), which the relativistic loss leaves open; set ada_target=0" },
        { "p of its own", "augment_p: 0.4 does nothing where ada_target, 0.6, steers p; set ada_target=0 for a fixed p" },
        { "no class mismatched", "mismatch_weight: 1 needs condition: classes, not none" },
        { "no class balanced", "fake_labels: balanced needs a condition; with none no class is asked for" },
        { "no class fades", "condition_end_kimg: 10 needs a condition to fade in, not none" },
        { "frozen", "frozen_blocks: 4 is out of range; the discriminator for 1×32×32 has 3 blocks before its last" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Resolve_WhatCannotBe_IsRefusedWithTheReason(string what, string message)
    {
        var o = new GanTrainingOptions();
        var wrong = what switch
        {
            "real_target" => o with { RealTarget = 0.4 },
            "smoothed pairs" => o with { Loss = GanLoss.Relativistic, RealTarget = 0.9 },
            "balanced pairs" => o with { Loss = GanLoss.Relativistic, FakeLabels = FakeLabels.Balanced },
            "scalar head" => o with { Condition = Condition.Scalar, ClassWeight = 0.5 },
            "scalar mismatch" => o with { Condition = Condition.Scalar, MismatchWeight = 1 },
            "no head" => o with { GeneratorClassWeight = 0.2 },
            "fade" => o with { ConditionStartKimg = 20, ConditionEndKimg = 10 },
            "nothing to steer" => o with { AdaTarget = 0.6, Augment = AugmentKind.None },
            "steered pairs" => o with { AdaTarget = 0.6, Augment = AugmentKind.Bgc, Loss = GanLoss.Relativistic },
            "p of its own" => o with { AdaTarget = 0.6, Augment = AugmentKind.Bgc, AugmentP = 0.4 },
            "no class mismatched" => o with { Condition = Condition.None, MismatchWeight = 1 },
            "no class balanced" => o with { Condition = Condition.None, FakeLabels = FakeLabels.Balanced },
            "no class fades" => o with { Condition = Condition.None, ConditionEndKimg = 10 },
            _ => o with { FrozenBlocks = 4 },
        };
        Assert.Equal(message, Assert.Throws<OptionException>(() => wrong.Resolve(s_grey32, 7)).Message);
    }

    [Fact]
    public void Resolve_OneClass_LearnsNoCondition()
    {
        var o = (new GanTrainingOptions { Condition = Condition.Scalar, ConditionEndKimg = 5 }).Resolve(s_grey32, 1);
        Assert.Equal((Condition.None, false, 0),
            (o.Condition, o.DiscriminatorFor(s_grey32, 1).UnconditionalHead, o.GeneratorFor(s_grey32, 1).LabelDim));
    }

    /// <summary>What is asked of classes is left aside where there is one; a run's own record can be resolved again.</summary>
    [Fact]
    public void Resolve_OneClassWithOptionsForMore_TakesThem()
    {
        var o = new GanTrainingOptions { ConditionEndKimg = 5, MismatchWeight = 1, FakeLabels = FakeLabels.Balanced };
        var resolved = o.Resolve(s_grey32, 1);
        Assert.Equal(resolved, resolved.Resolve(s_grey32, 1));
        Assert.All(GanTrainingOptions.Presets.Select(GanTrainingOptions.Preset), p => p.Resolve(s_grey32, 1));
    }

    [Fact]
    public void Parse_ARunOfAnotherFormat_IsRefusedWithWhatToDo()
    {
        var run = new GanRun(GanRun.CurrentFormat, 3, "d", "", ["a", "b"], s_grey32,
            new() { ClassWeight = 0.5, GeneratorClassWeight = 0.5 });
        var json = StrictJson.Write(run);
        Assert.Equal(json, StrictJson.Write(GanRun.Parse(json, "same")));
        var earlier = json.Replace("gan-run/3", "gan-run/2", StringComparison.Ordinal);
        Assert.Equal(
            "x: format 'understudy/gan-run/2' is not understudy/gan-run/3; start a new run in another folder with --out, "
            + "or use the version of understudy that wrote it",
                Assert.Throws<InvalidDataException>(() => GanRun.Parse(earlier, "x")).Message);
        Assert.Contains("format 'none'", Assert.Throws<InvalidDataException>(() => GanRun.Parse("{}", "x")).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => GanRun.Parse("{", "x"));
    }
}
