using Understudy.Training;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>The wiring of a training step: three steps of a session against the same three written out by hand.</summary>
[Collection("torch")]
public sealed class GanStepTests
{
    /// <summary>Batches of 4; the average's half-life is 0, then 4 images by the ramp, then 5 by itself.</summary>
    private static GanTrainingOptions Plain { get; } = TinyGan.Smallest with
    {
        R1Interval = 2,
        Gamma = 3,
        EmaKimg = 0.005,
        EmaRamp = 1,
        AugmentP = 0.7,
    };

    private static readonly Dictionary<string, GanTrainingOptions> s_scenes = new()
    {
        ["R1, augmented"] = Plain,
        ["path length and mixing"] = Plain with { PathLengthInterval = 2, MixingProbability = 0.5, Augment = AugmentKind.None },
        ["pairs"] = Plain with { Loss = GanLoss.Relativistic },
        ["fade"] = Plain with
        {
            ConditionEndKimg = 0.04 / 3,                                                    // λ 0, .3 and .6
            ClassWeight = 1,
            GeneratorClassWeight = 0.5,
            MismatchWeight = 0.5,
            R1Interval = 1,
        },
        ["target and balance"] = Plain with
        {
            RealTarget = 0.9,
            FakeLabels = FakeLabels.Balanced,
            ClassWeight = 0.5,
            MismatchWeight = 0.3,
        },
    };

    public static TheoryData<string> Scenes => [.. s_scenes.Keys];

    [Theory]
    [MemberData(nameof(Scenes))]
    public void Step_ThreeTimes_IsTheStepWrittenOut(string scene)
    {
        var distance = Distances(scene, Slip.None);
        Assert.True(distance.Largest < 2e-6, $"{distance}");
    }

    /// <summary>Each slip is seen: it leads twenty times as far away as the right step may lie, and more.</summary>
    [Theory]
    [InlineData("R1, augmented", Slip.PenaltyWithoutInterval)]
    [InlineData("R1, augmented", Slip.PenaltyAfterAugmentation)]
    [InlineData("R1, augmented", Slip.AverageWithoutHalfLife)]
    [InlineData("R1, augmented", Slip.AverageWithoutRamp)]
    [InlineData("R1, augmented", Slip.AverageOneStepLate)]
    [InlineData("path length and mixing", Slip.PathWithoutInterval)]
    [InlineData("path length and mixing", Slip.PathOfAWholeBatch)]
    [InlineData("path length and mixing", Slip.AlwaysMixed)]
    [InlineData("path length and mixing", Slip.NeverMixed)]
    [InlineData("pairs", Slip.SecondPenaltyOnReals)]
    [InlineData("pairs", Slip.PenaltyWithoutInterval)]
    [InlineData("fade", Slip.LambdaNotInLosses)]
    [InlineData("fade", Slip.LambdaNotInScore)]
    [InlineData("fade", Slip.LambdaNotInClasses)]
    [InlineData("target and balance", Slip.TargetForgotten)]
    [InlineData("target and balance", Slip.LabelsOfTheData)]
    public void Step_WithASlip_IsAnother(string scene, Slip slip)
    {
        var distance = Distances(scene, slip);
        Assert.True(distance.Largest > 4e-5, $"{distance}");
    }

    /// <summary>At λ = 0 no class is told, asked for or held against anybody: what classes weigh makes no difference.</summary>
    [Fact]
    public void Step_BeforeTheConditionBegins_WeighsNoClass()
    {
        var fading = Plain with { ConditionStartKimg = 1, ConditionEndKimg = 2, ClassWeight = 1 };
        using var scope = NewDisposeScope();
        var a = After(fading with { GeneratorClassWeight = 0 });
        var b = After(fading with { GeneratorClassWeight = 1, ClassWeight = 2, MismatchWeight = 1 });
        Assert.Equal(a.Keys, b.Keys);
        Assert.All(a, p => Assert.True(p.Value.eq(b[p.Key]).all().item<bool>(), p.Key));

        static Dictionary<string, Tensor> After(GanTrainingOptions options)
        {
            var data = TwoTones.Draw();
            using var session = new GanSession(data, options.Resolve(data.Shape, 2), 3);
            session.Step();
            session.Step();
            return Parameters(session.Live, "g.").Concat(Parameters(session.Discriminator, "d."))
                .ToDictionary(p => p.Key, p => p.Value.clone());
        }
    }

    /// <summary>The largest distance after any of three steps; w_avg counts with the average.</summary>
    private readonly record struct Apart(double Generator, double Discriminator, double Average)
    {
        public double Largest => Math.Max(Math.Max(Generator, Discriminator), Average);
    }

    private static Apart Distances(string scene, Slip slip)
    {
        var data = TwoTones.Draw();
        var options = s_scenes[scene].Resolve(data.Shape, 2);
        using var scope = NewDisposeScope();
        using var session = new GanSession(data, options, 3);
        using var hand = new StepByHand(data, options, 3, slip);
        var apart = new Apart();
        for (int i = 0; i < 3; i++)
        {
            session.Step();
            hand.Step();
            using var inner = NewDisposeScope();
            var averages = Distance(Parameters(session.Averaged), hand.Averaged);
            apart = new(
                Math.Max(apart.Generator, Distance(Parameters(session.Live), Parameters(hand.Generator))),
                Math.Max(apart.Discriminator, Distance(Parameters(session.Discriminator), Parameters(hand.Discriminator))),
                Math.Max(Math.Max(apart.Average, averages), Distance(session.Averaged.AverageW, hand.Generator.AverageW)));
        }
        return apart;
    }

    private static Dictionary<string, Tensor> Parameters(nn.Module network, string prefix = "") =>
        network.named_parameters().ToDictionary(p => prefix + p.name, p => p.parameter.detach());

    private static double Distance(Dictionary<string, Tensor> a, Dictionary<string, Tensor> b)
    {
        Assert.Equal(a.Keys.Order(StringComparer.Ordinal), b.Keys.Order(StringComparer.Ordinal));
        return Distance(cat([.. a.Values.Select(t => t.flatten())]), cat([.. a.Keys.Select(k => b[k].flatten())]));
    }

    /// <summary>
    /// Root mean square: a gradient that all but cancels may round to either side, and Adam makes a step of it all the same.
    /// Relative for values above 1, since the mapping's weights are a hundred times the others'.
    /// </summary>
    private static double Distance(Tensor a, Tensor b) =>
        Math.Sqrt(((a - b) / a.abs().clamp_min(1)).square().mean().item<float>());
}
