using Understudy.Common;
using Understudy.Networks.StyleGan2;
using Understudy.Synthesis;
using Understudy.Training;
using static TorchSharp.torch;

namespace Understudy.Tests.Synthesis;

[Collection("torch")]
public sealed class ProjectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(1, 3, false)]
    [InlineData(3, 0, true)]
    public void Find_AnImageOfItsOwn_ComesNearAndLeavesTheGeneratorAlone(int channels, int labels, bool everyLayer)
    {
        using var sampler = TinyGenerator.Sampler(_folder, TinyGenerator.Options with { Channels = channels, LabelDim = labels });
        var own = sampler.One(0, 3, new() { Noise = NoiseMode.Const });
        var options = new ProjectionOptions { Steps = 80, EveryLayer = everyLayer, Seed = 2 };

        var found = Projection.Find(sampler, own, options);

        Assert.True(found.Distance < found.Trace[0] / 2, $"{found.Trace[0]:0.0} to {found.Distance:0.0}");
        Assert.Equal(labels == 0 ? null : 3, found.ByClass?.Count);
        Assert.Equal(80, found.Trace.Count);
        Assert.Equal(everyLayer ? [6, 16] : [1, 16], found.State[0].Value.Shape);
        Assert.Equal(1 + 5, found.State.Count);                                             // w, and the noise of five layers
        Assert.Equal(own, sampler.One(0, 3, new() { Noise = NoiseMode.Const }));
        Assert.Equal(found.Pixels, Projection.Find(sampler, own, options).Pixels);
    }

    [Fact]
    public void Find_ClassGiven_BeginsThereAndTriesNoOther()
    {
        using var sampler = TinyGenerator.Sampler(_folder);
        var own = sampler.One(2, 3, new());
        var found = Projection.Find(sampler, own, new() { Steps = 20, Label = 2, LearnNoise = false });
        Assert.Equal((2, null, 1), (found.Label, found.ByClass, found.State.Count));
        Assert.NotEqual(found.Trace[0],
            Projection.Find(sampler, own, new() { Steps = 20, Label = 0, LearnNoise = false }).Trace[0]);
    }

    [Fact]
    public void Find_MeanImageOfAClass_FindsTheClass()
    {
        using var sampler = TinyGenerator.Sampler(_folder);
        for (int label = 0; label < 3; label++)
        {
            var mean = sampler.One(label, 0, new() { Psi = 0, Center = Center.Class, Noise = NoiseMode.Const });
            Assert.Equal(label, Projection.Find(sampler, mean, new() { Steps = 24 }).Label);
        }
    }

    [Fact]
    public void Find_BadUse_IsRefused()
    {
        using var sampler = TinyGenerator.Sampler(_folder);
        Assert.StartsWith("image: 3 bytes",
            Assert.Throws<OptionException>(() => Projection.Find(sampler, new byte[3], new())).Message, StringComparison.Ordinal);
        Assert.StartsWith("class: 7",
            Assert.Throws<OptionException>(() => Projection.Find(sampler, new byte[256], new() { Label = 7 })).Message,
                StringComparison.Ordinal);
        Assert.StartsWith("steps: 3",
            Assert.Throws<OptionException>(() => Projection.Find(sampler, new byte[256], new() { Steps = 3 })).Message,
                StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() =>
            Projection.Find(sampler, new byte[256], new(), null, new CancellationToken(true)));
    }

    [Fact]
    public void Distance_NoiseThatIsLearned_HasAGradientInEveryPattern()
    {
        using var scope = NewDisposeScope();
        using var made = TinyGenerator.Make();
        using var generator = made.Copy();
        var maps = new NoiseMaps(generator).Maps;
        var ws = new Keys(1).Normal("w", 0, 2, generator.NumWs, 16);
        ImageDistance.Squared(generator.Synthesize(ws, NoiseMode.Const), zeros(1, 1, 16, 16)).sum().backward();
        Assert.Equal(5, maps.Count);
        Assert.All(maps, m => Assert.True(m.Map.grad is { } g && g.abs().max().item<float>() > 1e-6, m.Name));
    }

    /// <summary>Of an image with noise of its own: what w cannot say of it the patterns can.</summary>
    [Fact]
    public void Find_NoiseLearned_ComesNearerThanWithTheStoredOne()
    {
        using var sampler = TinyGenerator.Sampler(_folder);
        var own = sampler.One(1, 3, new() { Noise = NoiseMode.Random });
        var options = new ProjectionOptions { Steps = 120, Label = 1 };
        double Distance(bool learn) => Projection.Find(sampler, own, options with { LearnNoise = learn }).Distance;
        var (learned, stored) = (Distance(true), Distance(false));
        Assert.True(learned < stored * 0.75, $"{learned:0.0} learned, {stored:0.0} stored");
    }

    [Fact]
    public void Correlation_APictureInTheNoise_IsSeen()
    {
        using var scope = NewDisposeScope();
        using var generator = TinyGenerator.Make();
        var maps = new NoiseMaps(generator);
        var noise = maps.Correlation().item<float>();
        using (no_grad())
            maps.Maps.Single(m => m.Name == "synthesis.b16.conv1.noise_const").Map.copy_(linspace(-2, 2, 16).expand(16, 16));
        maps.Normalise();
        Assert.InRange(noise, 1e-6, 0.5);
        Assert.True(maps.Correlation().item<float>() > 1 + noise, "a gradient of light is no noise");
        Assert.Equal(1, maps.Maps[^1].Map.square().mean().item<float>(), 3);
    }

    [Fact]
    public void Squared_ShiftedByAPixel_IsLessThanByHalfTheImage()
    {
        using var scope = NewDisposeScope();
        var dot = zeros(1, 1, 12, 12);
        dot[0, 0, 4, 4] = tensor(1f);
        // The same pixels differ in both; the halved images (12, 6 and 3 pixels) tell near from far.
        var (near, far) = (ImageDistance.Squared(dot.roll(1, 3), dot), ImageDistance.Squared(dot.roll(6, 3), dot));
        Assert.True(near.item<float>() < far.item<float>());
        Assert.Equal((2.0 / 144 + 2.0 / 16 / 36 + 2.0 / 256 / 9) / 3, far.item<float>(), 6);
        Assert.Equal(0, ImageDistance.Squared(dot, dot).item<float>());
    }

    public void Dispose() => _folder.Dispose();
}
