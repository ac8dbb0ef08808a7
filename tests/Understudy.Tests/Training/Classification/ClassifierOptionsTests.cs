using System.Reflection;
using System.Text.Json;
using Understudy.Common;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class ClassifierOptionsTests
{
    [Fact]
    public void Recipe_EveryName_IsValidAndSurvivesJson()
    {
        foreach (var name in ClassifierOptions.RecipeNames)
        {
            var options = ClassifierOptions.Recipe(name);
            options.Validate();
            Assert.Equal(options, StrictJson.Read<ClassifierOptions>(StrictJson.Write(options), name));
        }
    }

    /// <summary>Stages are named by their options' JSON: what stands in it is what makes them others.</summary>
    [Fact]
    public void Json_EveryOption_IsInIt()
    {
        var json = StrictJson.WriteLine(ClassifierOptions.Recipe("smoke"));
        Assert.Equal(
            """{"arch":"screening","size":32,"early_size":32,"early_share":0.6,"epochs":3,"steps":null,"batch":64,"optimiser":"sgd","peak_rate":0.05"""
            + ""","schedule":"one_cycle","warm_up":null,"patience":0,"weight_decay":0.0005,"ema":0.999,"label_smoothing":0.1,"dropout":0.1,"mixup":0"""
            + ""","class_balanced":false,"class_weighting":0,"calibrate":false"""
            + ""","precision":"float32","augment":{"flip":true,"shift":2,"rotation":0,"scale":0,"brightness":0.1,"contrast":0.1,"erasing":0},"normalise":"none","layer_decay":1"""
            + ""","frozen":false,"flip_average":true,"checkpoint_steps":500}""", json);
        var on = ClassifierOptions.Recipe("smoke") with
        {
            Schedule = RateSchedule.Plateau,
            WarmUp = 0,
            Patience = 3,
            Mixup = 1,
            ClassWeighting = .5,
            Calibrate = true,
        };
        on.Validate();
        Assert.Equal(on, StrictJson.Read<ClassifierOptions>(StrictJson.Write(on), "on"));
    }

    /// <summary>No processor is slower with auto than with float32.</summary>
    [Fact]
    public void Resolve_Auto_IsBFloat16OnlyWhereItIsFaster()
    {
        static Precision Of(ClassifierOptions options) => (options with { Precision = Precision.Auto }).Resolve().Precision;
        var fast = BFloat16Support.Here.IsFast ? Precision.BFloat16 : Precision.Float32;

        Assert.Equal(fast, Of(ClassifierOptions.Recipe("a")));
        Assert.Equal(Precision.Float32, Of(ClassifierOptions.For("mobilenet-v3-large-48")));
        Assert.Equal(Precision.Float32, Of(ClassifierOptions.FrozenFeatures("resnet50", Normalisation.None)));
        Assert.Equal(Precision.BFloat16,
            (ClassifierOptions.Recipe("a") with { Precision = Precision.BFloat16 }).Resolve().Precision);
        Assert.Equal(BFloat16Support.Here.IsFast, Precision.BFloat16.Warning() is null);
        Assert.Null(Precision.Auto.Here().Warning());
    }

    [Fact]
    public void Validate_TwoRemediesForUnequalClasses_AreRefused()
    {
        var options = ClassifierOptions.Recipe("smoke") with { ClassBalanced = true };
        options.Validate();
        Assert.StartsWith("class_balanced, class_weighting: each",
            Assert.Throws<OptionException>((options with { ClassWeighting = .5 }).Validate).Message, StringComparison.Ordinal);
    }

    /// <summary>docs/guide/classifiers.md is where a user looks for what --set takes.</summary>
    [Fact]
    public void Guide_EveryKeyAndNetworkAndRecipe_IsInIt()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "classifiers.md"));
        var keys = new[] { typeof(ClassifierOptions),
            typeof(ImageAugmentOptions) }.SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(p => p.CanWrite).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
        var names = ClassifierNet.Names.Where(n => !n.EndsWith("-48", StringComparison.Ordinal))
            .Concat(ClassifierOptions.RecipeNames);
        Assert.All(keys.Concat(names), k => Assert.Contains($"`{k}`", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Recipe_UnknownName_ListsTheKnown() =>
        Assert.Equal("recipe: 'c' is not known; one of: screening, a, b, smoke",
            Assert.Throws<OptionException>(() => ClassifierOptions.Recipe("c")).Message);

    [Fact]
    public void Validate_OutOfRange_NamesKeyValueAndRange()
    {
        var valid = ClassifierOptions.Recipe("screening");
        string Message(ClassifierOptions o) => Assert.Throws<OptionException>(o.Validate).Message;
        Assert.Equal("early_size: 40 is out of range; give 8 to 32", Message(valid with { EarlySize = 40 }));
        var vgg = ClassifierOptions.For("vgg13");
        Assert.Equal("size: 24 is out of range for vgg13; give 32 to 1024", Message(vgg with { Size = 24, EarlySize = 24 }));
        Assert.Equal("early_size: 24 is out of range for vgg13; give 32 to 48", Message(vgg with { EarlySize = 24 }));
        Assert.Equal("label_smoothing: 1 is out of range; give 0 to 0.99", Message(valid with { LabelSmoothing = 1 }));
        Assert.StartsWith("steps: 7 is out of range; give 8 to", Message(valid with { Steps = 7 }), StringComparison.Ordinal);
        Assert.Equal("warm_up: 0.95 is out of range; give 0 to 0.9", Message(valid with { WarmUp = .95 }));
        Assert.Equal("mixup: -1 is out of range; give 0 to 100", Message(valid with { Mixup = -1 }));
        Assert.StartsWith("frozen: ",
            Message(ClassifierOptions.FrozenFeatures("screening", Normalisation.None) with { Mixup = 1 }),
                StringComparison.Ordinal);
        Assert.Equal("augment.erasing: 2 is out of range; give 0 to 1", Message(valid with { Augment = new() { Erasing = 2 } }));
    }

    /// <summary>What is usual follows the side; what a recipe chose does not.</summary>
    [Fact]
    public void AtSize_OfLargeImages_TakesFewerAtOnce()
    {
        static int[] Batches(ClassifierOptions o) => [o.Batch, o.AtSize(48).Batch, o.AtSize(224).Batch];
        Assert.Equal([32, 128, 32], Batches(ClassifierOptions.For("resnet50")));
        Assert.Equal([128, 128, 32], Batches(ClassifierOptions.FineTune("resnet50-48", Normalisation.Imagenet)));
        Assert.Equal([64, 64, 64], Batches(ClassifierOptions.Recipe("a")));
    }

    [Fact]
    public void AtSize_OfOneSizeOrOfTwo_FollowsOrKeepsTheSmallImages()
    {
        static (int, int) At(ClassifierOptions options, int side) => (options.AtSize(side).Size, options.AtSize(side).EarlySize);
        Assert.Equal((96, 96), At(ClassifierOptions.For("resnet50-48"), 96));
        Assert.Equal((48, 48), At(ClassifierOptions.For("resnet50"), 48));
        Assert.Equal((64, 32), At(ClassifierOptions.Recipe("a"), 64));
        Assert.Equal((24, 24), At(ClassifierOptions.Recipe("a"), 24));
    }
}
