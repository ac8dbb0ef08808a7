using Understudy.Common;
using Understudy.Networks.Classifiers;
using Understudy.Training;
using Understudy.Training.Losses;
using Understudy.Training.Optimisers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Classifiers;

[Collection("torch")]
public sealed class ClassifierNetTests
{
    /// <summary>
    /// The counts of the specification: 1.23 M for recipe A, 2.80 M for B, 3.6 M for the proposal's CNN; torchvision's less two
    /// of three input channels and 993 classes. The guide tells them.
    /// </summary>
    [Theory]
    [InlineData("screening", 308_151)]
    [InlineData("recipe-a", 1_227_623)]
    [InlineData("recipe-b", 2_796_263)]
    [InlineData("proposal-cnn", 3_572_167)]
    [InlineData("vgg8", 279_399)]
    [InlineData("vgg13", 9_938_631)]
    [InlineData("mini-xception", 56_951)]
    [InlineData("resnet18", 11_689_512 - 2 * 64 * 49 - 993 * 513)]
    [InlineData("resnet34", 21_797_672 - 2 * 64 * 49 - 993 * 513)]
    [InlineData("resnet50", 25_557_032 - 2 * 64 * 49 - 993 * 2049)]
    [InlineData("mobilenet-v3-small", 2_542_856 - 2 * 16 * 9 - 993 * 1025)]
    [InlineData("mobilenet-v3-large", 5_483_032 - 2 * 16 * 9 - 993 * 1281)]
    [InlineData("efficientnet-b0", 5_288_548 - 2 * 32 * 9 - 993 * 1281)]
    public void Create_SevenGreyClasses_HasTheFiguresParameters(string arch, long expected)
    {
        using var net = ClassifierNet.Create(arch, new(1, 48, 48), 7, .3, 1);
        Assert.Equal(expected, net.parameters().Sum(p => p.numel()));
        Assert.Contains(FormattableString.Invariant($"{expected:n0}"),
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "guide", "classifiers.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("screening", 32)]
    [InlineData("recipe-a", 16)]
    [InlineData("recipe-b", 16)]
    [InlineData("proposal-cnn", 32)]
    public void Training_OneBatch_IsLearntByHeart(string arch, int side)
    {
        using var net = ClassifierNet.Create(arch, new(1, side, side), 4, 0, 1);
        using var flat = new FlatParameters(net);
        using var optimiser = new Adam(flat, .002);
        using var outer = NewDisposeScope();
        var x = new Keys(5).Normal("x", 0, 8, 1, side, side);
        var y = tensor([0L, 1, 2, 3, 3, 2, 1, 0]);
        var last = double.NaN;
        for (int step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            optimiser.ZeroGradient();
            var loss = ClassificationLosses.CrossEntropy(net.call(x), y);
            loss.backward();
            optimiser.Step();
            last = loss.item<float>();
        }
        Assert.InRange(last, 0, .05);
    }

    [Fact]
    public void Create_SameSeed_SameWeights_OtherSeed_Others()
    {
        using var scope = NewDisposeScope();
        float First(ulong seed) =>
            ClassifierNet.Create("screening", new(1, 32, 32), 7, 0, seed).parameters().First().flatten()[0].item<float>();
        Assert.Equal(First(3), First(3));
        Assert.NotEqual(First(3), First(4));
    }

    [Fact]
    public void Create_UnknownName_ListsTheKnown()
    {
        var e = Assert.Throws<OptionException>(() => ClassifierNet.Create("resnet-9000", new(1, 48, 48), 7, 0, 1));
        Assert.StartsWith("arch: 'resnet-9000' is not known; one of: screening, recipe-a, recipe-b, proposal-cnn", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ImageTooSmall_IsRefused()
    {
        var e = Assert.Throws<OptionException>(() => ClassifierNet.Create("proposal-cnn", new(1, 48, 16), 7, 0, 1));
        Assert.Equal("size: 16 is out of range; give 32 to 4096", e.Message);
    }

    public static TheoryData<string> Names => [.. ClassifierNet.Names];

    [Theory, MemberData(nameof(Names))]
    public void LeastSide_OfEveryNetwork_IsTakenAndOneLessIsNot(string arch)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var side = ClassifierNet.LeastSide(arch);
        using var net = ClassifierNet.Create(arch, new(1, side, side), 3, 0, 1);
        net.eval();
        Assert.Equal([2L, 3], net.call(zeros(2, 1, side, side)).shape);
        var e = Assert.Throws<OptionException>(() => ClassifierNet.Create(arch, new(1, side - 1, side), 3, 0, 1));
        Assert.Equal($"size: {side - 1} is out of range; give {side} to 4096", e.Message);
    }
}
