using TorchSharp.Modules;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Networks.Classifiers;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks;

[Collection("torch")]
public sealed class ClassifierWeightsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Load_RgbWeightsIntoAGreyNet_AnswersAsToThreeEqualChannels()
    {
        using var scope = NewDisposeScope();
        var rgb = Net("mobilenet-v3-small", 3, 5);
        Understudy.Networks.Weights.Save(_path, rgb);
        var grey = Net("mobilenet-v3-small", 1, 5, seed: 2);
        var report = ClassifierWeights.Load(_path, grey);
        Assert.Equal(["features.0.0.weight"], report.Folded);
        Assert.Empty(report.Fresh);
        Assert.Equal(grey.state_dict().Count, report.Loaded.Count);

        using var noGrad = no_grad();
        var x = Formula.Image(2, 1, 32);
        var difference = (grey.call(x) - rgb.call(x.expand(2, 3, 32, 32))).abs().max().item<float>();
        Assert.InRange(difference, 0, 1e-5);
    }

    [Theory]
    [InlineData("vgg8", "classifier.6.weight", "classifier.6.bias")]
    [InlineData("mini-xception", "head.weight", "head.bias")]
    [InlineData("screening", "fc.weight", "fc.bias")]
    [InlineData("efficientnet-b0-48", "classifier.1.weight", "classifier.1.bias")]
    public void Load_OfAnotherNumberOfClasses_KeepsTheLastLayerFresh(string arch, params string[] last)
    {
        using var scope = NewDisposeScope();
        var ten = Net(arch, 1, 10);
        Understudy.Networks.Weights.Save(_path, ten);
        var seven = Net(arch, 1, 7, seed: 2);
        var before = seven.state_dict()[last[0]].clone();
        var report = ClassifierWeights.Load(_path, seven);
        Assert.Equal(last, report.Fresh);
        Assert.True(before.eq(seven.state_dict()[last[0]]).all().item<bool>());
        foreach (var (name, value) in ten.state_dict().Where(s => !last.Contains(s.Key)))
            Assert.True(value.eq(seven.state_dict()[name]).all().item<bool>(), name);
    }

    [Fact]
    public void Load_OfAnotherNetwork_ListsEveryDifferenceAndCopiesNothing()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(_path, new Dictionary<string, string>(), [
            ("0.weight", "F32", [2, 1, 5, 5], new byte[200]), ("0.bias", "F32", [2], new byte[8]),
                ("AuxLogits.fc.weight", "F32", [1], new byte[4])]);
        var net = Small(1);
        var before = net.state_dict()["0.bias"].clone();
        var e = Assert.Throws<InvalidDataException>(() => ClassifierWeights.Load(_path, net));
        Assert.Equal($"{_path} is of another network: it lacks 1.weight, 1.bias, 1.running_mean, 1.running_var; "
            + "holds 0.weight as [2, 1, 5, 5] where the network has [2, 1, 3, 3]; has in addition AuxLogits.fc.weight. "
            + "Name the network it is of, or allow names to stay fresh (--fresh) or to be ignored (--ignore)", e.Message);
        Assert.True(before.eq(net.state_dict()["0.bias"]).all().item<bool>());
    }

    [Fact]
    public void Load_WithDifferencesAllowed_ListsThem()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(_path, new Dictionary<string, string>(), [
            ("0.weight", "F32", [2, 1, 5, 5], new byte[200]), ("0.bias", "F32", [2], new byte[8]),
                ("AuxLogits.fc.weight", "F32", [1], new byte[4])]);
        var net = Small(1);
        var report = ClassifierWeights.Load(_path, net, new(["0.weight", "1."], ["AuxLogits."]));
        Assert.Equal(["0.bias"], report.Loaded);
        Assert.Equal(["AuxLogits.fc.weight"], report.Ignored);
        Assert.Contains("0.weight", report.Fresh);
        Assert.True(net.state_dict()["0.bias"].eq(0).all().item<bool>());
    }

    [Fact]
    public void Load_WhatMayStayFreshButFits_IsLoaded()
    {
        using var scope = NewDisposeScope();
        var net = Small(3);
        var report = ClassifierWeights.Load(TorchFiles.PathOf("module-zip"), net, new(["0.", "1."], []));
        Assert.Empty(report.Fresh);
        Assert.Equal("7 arrays loaded", report.ToString());
    }

    [Fact]
    public void Load_TypesThatTorchLacks_AreNamed()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(_path, new Dictionary<string, string>(), [
            ("0.weight", "F8_E4M3", [2, 1, 3, 3], new byte[18]), ("0.bias", "F32", [2], new byte[8])]);
        var e = Assert.Throws<InvalidDataException>(() => ClassifierWeights.Load(_path, Small(1), new(["1."], [])));
        Assert.StartsWith($"{_path} is of another network: it holds 0.weight as numbers of type F8_E4M3.", e.Message,
            StringComparison.Ordinal);
    }

    /// <summary>What a user is told: everything that did not go in as it was.</summary>
    [Fact]
    public void Load_ThroughOneSharedStorage_FoldsReplacesAndTells()
    {
        using var scope = NewDisposeScope();
        var rgb = Net("mobilenet-v3-small", 3, 10);
        File.WriteAllBytes(_path, TorchFiles.SharedStorage(rgb));
        var grey = Net("mobilenet-v3-small", 1, 7, seed: 2);
        var report = ClassifierWeights.Load(_path, grey);
        Assert.Equal($"{report.Loaded.Count} arrays loaded; folded to grey: features.0.0.weight; "
            + "left at their initial values: classifier.3.weight, classifier.3.bias", report.ToString());
        foreach (var (name, value) in rgb.named_parameters()
            .Where(p => report.Loaded.Contains(p.name) && !report.Folded.Contains(p.name)))
        {
            Assert.True(value.eq(grey.state_dict()[name]).all().item<bool>(), name);
        }
    }

    [Theory]
    [InlineData("resnet18", "resnet18-48", "conv1.weight")]
    [InlineData("mobilenet-v3-small", "mobilenet-v3-small-48")]
    public void FitOf_AVariantForSmallImages_TakesThePublishedNetworksWeightsBehindItsStem(string published, string variant,
        params string[] fresh)
    {
        using var scope = NewDisposeScope();
        Understudy.Networks.Weights.Save(_path, Net(published, 3, 3));
        var report = ClassifierWeights.Load(_path, Net(variant, 3, 3, seed: 2), ClassifierNet.FitOf(variant));
        Assert.Equal(fresh, report.Fresh);
    }

    [Theory, InlineData("module-zip"), InlineData("nested-legacy")]
    public void Load_OfPyTorchsFiles_GivesTheirValues(string file)
    {
        using var scope = NewDisposeScope();
        var rgb = Small(3);
        Assert.Equal(7, ClassifierWeights.Load(TorchFiles.PathOf(file), rgb).Loaded.Count);
        Assert.Equal(.25f - 1, rgb.state_dict()["0.weight"].flatten()[1].item<float>());
        var grey = Small(1);
        Assert.Equal(["0.weight"], ClassifierWeights.Load(TorchFiles.PathOf(file), grey).Folded);
        // Channels lie 9 values, so 2.25, apart: −1, 1.25 and 3.5.
        Assert.Equal(3.75f, grey.state_dict()["0.weight"].flatten()[0].item<float>());
    }

    private static Sequential Small(int channels) => nn.Sequential(nn.Conv2d(channels, 2, 3), nn.BatchNorm2d(2));

    private static nn.Module<Tensor, Tensor> Net(string arch, int channels, int classes, ulong seed = 1)
    {
        var net = ClassifierNet.Create(arch, new ImageShape(channels, 32, 32), classes, 0, seed);
        net.eval();
        return net;
    }

    [Theory]
    [InlineData("F32", "0000C07F", "1.running_var")]
    [InlineData("F32", "000080FF", "1.weight")]
    [InlineData("F64", "9C7500883CE4377E", "0.bias")]
    [InlineData("BF16", "C07F", "1.bias")]
    public void Load_ValuesThatAreNoNumbers_AreRefusedByNameAndNothingIsCopied(string type, string bytes, string name)
    {
        using var scope = NewDisposeScope();
        var given = Small(1);
        var one = Convert.FromHexString(bytes);
        byte[] two = [.. new byte[one.Length], .. one];
        SafetensorsFile.Write(_path, new Dictionary<string, string>(), Understudy.Networks.Weights.Entries(given)
            .Select(e => e.Name == name ? (e.Name, type, e.Shape, new ReadOnlyMemory<byte>(two)) : e));
        var net = Small(1);
        var before = net.state_dict()["0.weight"].clone();
        var e = Assert.Throws<InvalidDataException>(() => ClassifierWeights.Load(_path, net));
        Assert.Equal($"{_path}: NaN, infinity or a number beyond float32 in {name}; "
            + "the file is damaged, or its training failed: take another", e.Message);
        Assert.True(before.eq(net.state_dict()["0.weight"]).all().item<bool>());
    }
}
